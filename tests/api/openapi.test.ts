import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examples } from '#src/api/examples.ts';
import { documented } from '#src/api/operations.ts';
import { demoKey } from '#src/exchange/api-keys.ts';
import { queueWebhooks } from '#src/exchange/queue-webhooks.ts';
import { listWebhooks } from '#src/exchange/webhooks.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { withLogKey } from '#tests/dossiers/log-key.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { aClient, newestToken, signUp } from '#tests/support/app.ts';

type Shape = Record<string, unknown>;
interface Document {
  openapi: string;
  paths: Record<string, Record<string, { operationId: string; responses: Shape; requestBody?: Shape }>>;
}

const alice = { contact_point: 'alice@example.org', purpose: 'product-news', channel: 'email' };
const captured = {
  ...alice,
  basis: 'consent',
  text_version: 'product-news/email/de@1.0',
  method: 'import',
  captured_at: '2026-11-01',
  captured_by: 'CRM',
  evidence: { source: 'CRM', proof_ref: 'p-1', confirmed_at: '2026-11-01' },
};

const importHead = 'contact_point,channel,purpose,text_version,captured_at,captured_by,source';
const importLine = 'dora@example.org,email,product-news,product-news/email/de@1.0,2026-11-01,CRM,old CRM';
const webhookSamples = ['rotateWebhookSecret', 'listWebhookDeliveries', 'replayWebhook', 'removeWebhook'];

/** One good request for each operation, by its name. In the order in which they can be made. */
const samples: Record<
  string,
  { query?: string; body?: unknown; type?: string; params?: Record<string, string> }
> = {
  captureConsent: { body: captured },
  handInEvidenceFile: { type: 'application/pdf', body: '%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n' },
  decide: {
    body: {
      purpose: 'product-news',
      channel: 'email',
      contact_points: [alice.contact_point],
      include: ['links'],
    },
  },
  decideStream: {
    query: '?purpose=product-news&channel=email',
    body: 'contact_point\na@example.org\n',
    type: 'text/csv',
  },
  reportSuppressions: {
    body: [
      {
        contact_point: 'dead@example.org',
        channel: 'email',
        reason: 'bounce',
        at: '2026-11-02T08:00:00Z',
        source: 'campaign tool',
      },
    ],
  },
  recordUses: { body: [{ ...alice, used_at: '2026-11-02T08:59:00Z' }] },
  lookUpPermissions: { body: { contact_point: alice.contact_point } },
  withdraw: { body: { contact_point: alice.contact_point, how: 'letter' } },
  makeDossier: { body: { contact_point: alice.contact_point } },
  listEvents: { query: '?limit=10' },
  showForm: { params: { form: 'newsletter' } },
  submitForm: { params: { form: 'newsletter' } },
  importConsents: {
    query: '?dry_run=1',
    type: 'text/csv',
    body: `${importHead}\n${importLine}\n`,
  },
  listImports: {},
  showImport: {},
  exportContactable: { query: '?purpose=product-news&channel=email' },
  exportSuppressions: {},
  addWebhook: { body: { url: 'https://example.org/hook' } },
  listWebhooks: {},
  rotateWebhookSecret: {},
  listWebhookDeliveries: {},
  replayWebhookDelivery: {},
  replayWebhook: {},
  removeWebhook: {},
  inboundResend: { body: { type: 'email.opened' } },
};

const secret = `whsec_${Buffer.from('a secret of this test alone').toString('base64')}`;

function signatureOf(body: string): Record<string, string> {
  const at = new Date();
  return {
    'svix-id': 'msg_1',
    'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
    'svix-signature': new Webhook(secret).sign('msg_1', at, body),
  };
}

describe('GET /api/v1/openapi.json', () => {
  let test: TestApi;
  let document: Document;
  let removeKey: () => void;

  beforeAll(async () => {
    test = await openTestApi('sqlite', { resendWebhookSecret: secret });
    removeKey = await withLogKey(test.app);
    document = (await test.call('/openapi.json', undefined, { Authorization: '' }))
      .body as unknown as Document;
    const { body: form } = await test.call('/forms/newsletter');
    const { value, sha256 } = (form.consents as { value: string; sha256: string }[])[0] ?? {};
    const { body: webhook } = await test.call('/webhooks', { url: 'https://example.org/other' });
    const params = { webhook: String(webhook.id) };
    for (const id of webhookSamples) samples[id] = { params };
    await test.call('/withdrawals', { contact_point: 'carol@example.org', how: 'letter' });
    await queueWebhooks(test.app, await listWebhooks(test.app.db));
    const { body: told } = await test.call(`/webhooks/${params.webhook}/deliveries`);
    const [delivery] = told.data as { id: string }[];
    samples.replayWebhookDelivery = { params: { ...params, delivery: delivery?.id ?? '' } };
    const { body: filed } = await test.call('/imports', `${importHead}\n${importLine}\n`, {
      'Content-Type': 'text/csv',
    });
    samples.showImport = { params: { import: String(filed.id) } };
    const lang = form.lang;
    samples.submitForm = {
      params: { form: 'newsletter' },
      body: {
        form_version: form.form_version,
        lang,
        email: 'bob@example.org',
        consents: [{ value, sha256 }],
      },
    };
  });
  afterAll(async () => {
    await test.close();
    removeKey();
  });

  it('is OpenAPI 3.1 and names every operation once', () => {
    expect(document.openapi).toBe('3.1.0');
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(ids.toSorted()).toEqual(Object.keys(samples).toSorted());
    expect(JSON.stringify(document)).not.toContain('$schema');
  });

  it.each(Object.keys(samples))('is true of %s', async (id) => {
    const operation = documented.find((one) => one.id === id);
    const { query = '', body, type = 'application/json', params = {} } = samples[id] ?? {};
    const path = operation?.path.replace(/\{(\w+)\}/g, (_, name) => params[name] ?? '');
    const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${test.url}/api/v1${path}${query}`, {
      method: operation?.method,
      headers: {
        Authorization: `Bearer ${demoKey}`,
        ...(sent !== undefined && { 'Content-Type': type, ...signatureOf(sent) }),
      },
      body: sent,
    });
    const text = await response.text();
    const answer = operation?.answers[response.status];
    expect(answer, `${response.status} ${text}`).toBeDefined();
    const shape = document.paths[operation?.path ?? '']?.[operation?.method.toLowerCase() ?? ''];
    expect(Object.keys(shape?.responses ?? {})).toContain(String(response.status));
    // Unknown keys would be answers that the document does not tell.
    if (answer?.schema) expect(answer.schema.parse(JSON.parse(text))).toEqual(JSON.parse(text));
  });

  it('names its schemas, and refers only to names that it has', () => {
    const { components } = document as unknown as { components: { schemas: Record<string, Shape> } };
    const names = Object.keys(components.schemas);
    const parts = [
      'Audience',
      'Basis',
      'Channel',
      'Decision',
      'Event',
      'Import',
      'PermissionState',
      'Reason',
    ];
    expect(names).toEqual(expect.arrayContaining([...parts, 'Problem', 'Webhook', 'WebhookEvent']));
    const text = JSON.stringify(document);
    expect(text).not.toContain('$defs');
    const referred = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to);
    expect([...new Set(referred)].toSorted()).toEqual(
      names.map((name) => `#/components/schemas/${name}`).toSorted(),
    );
    for (const { id, body, answers } of documented) {
      const operation = `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
      if (body) expect(names).toContain(`${operation}Request`);
      for (const [index, { schema }] of Object.values(answers).entries()) {
        if (schema && index === 0) expect(text).toMatch(new RegExp(`schemas/(${operation}Answer|Import)"`));
      }
    }
  });

  it.each(documented.filter(({ body }) => body).map(({ id }) => id))('has an example for %s', (id) => {
    const operation = documented.find((one) => one.id === id);
    const example = examples[id];
    // In the document as it is here.
    const shown = document.paths[operation?.path ?? '']?.[operation?.method.toLowerCase() ?? ''];
    expect(shown?.requestBody).toMatchObject({ content: { 'application/json': { example: example?.body } } });
    expect(operation?.body?.safeParse(example?.body).error?.issues).toBeUndefined();
  });

  it('answers what its examples say', () => {
    for (const [id, { answers = {} }] of Object.entries(examples)) {
      const operation = documented.find((one) => one.id === id);
      expect(operation, id).toBeDefined();
      for (const [status, answer] of Object.entries(answers)) {
        const schema = operation?.answers[Number(status)]?.schema;
        expect(schema?.parse(answer), `${id} ${status}`).toEqual(answer);
      }
    }
  });

  it('really answers so', async () => {
    const fresh = await openTestApi('sqlite');
    await signUp(fresh.app, 'anna@example.org', ['product-news:email']);
    await confirmSignup(fresh.app, await newestToken(fresh.app, 'anna@example.org'), aClient);
    const asked = ['decide', 'captureConsent', 'recordUses', 'reportSuppressions', 'addWebhook', 'withdraw'];
    for (const id of asked) {
      const operation = documented.find((one) => one.id === id);
      fresh.pass({ minutes: 1 });
      const given = await fresh.call(operation?.path ?? '', examples[id]?.body);
      const shown = examples[id]?.answers?.[given.status];
      expect(shown, `${id} ${given.status} ${JSON.stringify(given.body)}`).toBeDefined();
      expect(withoutIds(given.body), id).toEqual(withoutIds(shown));
    }
    const file = await fresh.call('/imports?dry_run=1', String(examples.importConsents?.body), {
      'Content-Type': 'text/csv',
    });
    expect(file.body, JSON.stringify(file.body)).toMatchObject({ rows: 1 });
    await fresh.close();
  });

  it('is readable without scripts', async () => {
    const response = await fetch(`${test.url}/api/v1/docs`, { headers: { Accept: 'text/html' } });
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(html).not.toContain('<script');
    for (const { path } of documented) expect(html).toContain(path);
  });
});

/** What differs from one run to the next: ids, links, secrets and times. */
function withoutIds(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replace(/\b(per|whk|evt|cpt)_[0-9a-f-]{36}/g, '$1_')
    .replace(/\bdec_[0-9a-f]{12}-\w+/g, 'dec_')
    .replace(/whsec_[^"]+/g, 'whsec_')
    .replace(/https?:\/\/[^/"]+\/([pu])\/[^">]+/g, '/$1/')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time');
  return JSON.parse(text);
}
