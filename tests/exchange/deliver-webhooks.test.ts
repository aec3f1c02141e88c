import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { App } from '#src/app/app.ts';
import { deliverTo } from '#src/exchange/deliver-webhooks.ts';
import { postOutside } from '#src/exchange/post-outside.ts';
import { queueWebhooks } from '#src/exchange/queue-webhooks.ts';
import { startWebhookWorker } from '#src/exchange/webhook-worker.ts';
import { listWebhooks } from '#src/exchange/webhooks.ts';
import { newId } from '#src/ids/new-id.ts';
import { liftRestriction, restrictProcessing } from '#src/permissions/restrict-processing.ts';
import type { Actor } from '#src/staff/actor.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('webhooks on %s', (name) => {
  let test: TestApi;
  let answers: number[];
  let heard: { path: string; body: string; headers: Record<string, string> }[];
  let paths: Record<string, number>;
  let url: string;
  let close: () => void;
  let hook: { id: string; secret: string };

  beforeEach(async () => {
    test = await openTestApi(name);
    answers = [];
    heard = [];
    paths = {};
    const receiver = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      const path = request.url?.replace(/^\/hook\/(?=.)/, '/') ?? '';
      heard.push({ path, body, headers: request.headers as Record<string, string> });
      response.writeHead(paths[path] ?? answers.shift() ?? 200).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    close = () => receiver.close();
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    hook = (await test.call('/webhooks', { url, events: ['permission.pending'] })).body as typeof hook;
  });
  afterEach(async () => {
    close();
    await test.close();
  });

  it('tells of a block that was reported late, also when it is older than the webhook', async () => {
    await test.call('/webhooks', { url: `${url}/blocks`, events: ['suppression.added'] });
    const [contact_point, at] = ['dead@example.org', '2026-10-20T08:00:00Z'];
    await test.call('/suppressions', [
      { contact_point, channel: 'email', reason: 'bounce', at, source: 'tool' },
    ]);
    await deliverWebhooks(test.app);
    expect(heard.map(({ path, body }) => [path, JSON.parse(body)])).toMatchObject([
      [
        '/blocks',
        { type: 'suppression.added', timestamp: '2026-11-02T09:00:00.000Z', data: { reason: 'bounce' } },
      ],
    ]);
  });

  it('tells of a change, signed, without personal data, and tries again after failures', async () => {
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    answers = [500, 503, 500];
    expect(await deliverWebhooks(test.app)).toEqual({ sent: 0, failed: 1 });
    expect(await deliverWebhooks(test.app)).toEqual({ sent: 0, failed: 0 });
    // Longer than the longest that chance may add to each wait.
    for (const minutes of [1.3, 6.1, 36.1]) {
      test.pass({ minutes });
      await deliverWebhooks(test.app);
    }
    expect(heard).toHaveLength(4);
    const last = heard.at(-1);
    expect(new Webhook(hook.secret).verify(last?.body ?? '', last?.headers ?? {})).toMatchObject({
      type: 'permission.pending',
      data: { purpose: 'product-news', channel: 'email' },
    });
    expect(new Set(heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(last?.body).not.toContain('alice');
    expect(await deliverWebhooks(test.app)).toEqual({ sent: 0, failed: 0 });
  });

  it('is out within two seconds of its commit, and waits for no receiver that hangs', async () => {
    const hanging = createServer(() => undefined);
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const slow = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}/`;
    await test.call('/webhooks', { url: slow, events: ['permission.pending'] });
    const worker = startWebhookWorker(test.app);
    try {
      for (const person of ['alice', 'bob']) {
        await signUp(test.app, `${person}@example.org`, ['product-news:email']);
        const before = heard.length;
        await vi.waitUntil(() => heard.length > before, { timeout: 2000 });
      }
    } finally {
      hanging.closeAllConnections();
      hanging.close();
      await worker.stop();
    }
  });

  it('signs with both secrets for a day after a change', async () => {
    const { body } = await test.call(`/webhooks/${hook.id}/secret`, {});
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    await deliverWebhooks(test.app);
    const [first] = heard;
    for (const secret of [hook.secret, String(body.secret)]) {
      expect(new Webhook(secret).verify(first?.body ?? '', first?.headers ?? {})).toBeTruthy();
    }
  });

  it('gives up after days, and goes on when asked', async () => {
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    answers = Array(9).fill(500);
    for (let attempt = 0; attempt < 10; attempt++) {
      await deliverWebhooks(test.app);
      test.pass({ days: 1.3 });
    }
    expect(heard).toHaveLength(9);
    expect((await test.call(`/webhooks/${hook.id}/replay`, {})).body).toEqual({ replayed: 1 });
    expect(await deliverWebhooks(test.app)).toEqual({ sent: 1, failed: 0 });
  });

  it('asks a receiver that is down a few times a round, and keeps nobody else waiting for it', async () => {
    const { app, call } = test;
    const other = await call('/webhooks', { url: `${url}/other`, events: ['permission.pending'] });
    for (let index = 0; index < 21; index++) {
      await signUp(app, `p${index}@example.org`, ['product-news:email']);
    }
    paths['/hook'] = 503;
    expect(await deliverWebhooks(app)).toEqual({ sent: 21, failed: 20 });
    const { body } = await call(`/webhooks/${other.body.id}/deliveries?state=sent&limit=20`);
    expect(body).toMatchObject({ has_more: true, next_cursor: expect.any(String) });
    const rest = await call(`/webhooks/${other.body.id}/deliveries?state=sent&cursor=${body.next_cursor}`);
    expect(rest.body.data).toHaveLength(1);
    const down = await call(`/webhooks/${hook.id}/deliveries?state=due`);
    expect((down.body.data as object[]).at(-1)).toMatchObject({ last_answer: '503', attempts: 1 });
    expect((await call(`/webhooks/${hook.id}/deliveries?cursor=${body.next_cursor}x`)).status).toBe(422);
    const [one, two] = [await call('/webhooks?limit=1'), await call('/webhooks')];
    const last = await call(`/webhooks?limit=1&cursor=${one.body.next_cursor}`);
    expect([one, last].flatMap((page) => page.body.data)).toEqual(two.body.data);
    expect(last.body).toMatchObject({ has_more: false, next_cursor: null });
  });

  it('tells of blocked addresses and of words that went live, and not of what was before', async () => {
    const { app, call, pass } = test;
    await call('/withdrawals', { contact_point: 'early@example.org', how: 'letter' });
    pass({ minutes: 1 });
    const events = ['suppression.added', 'text.published'];
    await call('/webhooks', { url: `${url}/news`, events });
    await signUp(app, 'alice@example.org', ['product-news:email']);
    await call('/withdrawals', { contact_point: 'nobody@example.org', how: 'letter' });
    const version = await app.db.selectFrom('consent_text_versions').selectAll().executeTakeFirstOrThrow();
    const step = {
      id: newId(),
      text_id: version.text_id,
      version_id: version.id,
      kind: 'went_live',
    } as const;
    const blank = { actor_id: null, actor_name: 'system', note: null, details: '{}' };
    await app.db
      .insertInto('consent_text_steps')
      .values({ ...step, ...blank, at: app.now().toISOString() })
      .execute();
    await deliverWebhooks(app);
    const news = heard.filter(({ path }) => path === '/news').map(({ body }) => JSON.parse(body));
    expect(news).toHaveLength(2);
    expect(news).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          type: 'suppression.added',
          data: expect.objectContaining({ channel: 'email', reason: 'objection', contact_point_ids: [] }),
        }),
        expect.objectContaining({
          type: 'text.published',
          data: expect.objectContaining({ text_version: expect.stringContaining('@1.0') }),
        }),
      ]),
    );
    expect(JSON.stringify(news)).not.toContain('nobody');
    expect(await app.db.selectFrom('webhook_news').selectAll().execute()).toEqual([]);
  });

  it('tells of a restriction as of a block on each address of the person', async () => {
    const { app, call } = test;
    await call('/webhooks', { url: `${url}/news`, events: ['suppression.added'] });
    await signUp(app, 'alice@example.org', ['product-news:email', 'service-calls:phone'], 'fair', {
      phone: '+49 6181 123456',
    });
    const points = await app.db
      .selectFrom('contact_points')
      .select(['id', 'channel'])
      .orderBy('channel')
      .execute();
    const agent: Actor = { id: 'a', email: 'agent@example.org', name: 'Ari', role: 'agent', locale: null };
    await restrictProcessing(app, agent, points[0]?.id ?? '', 'unlawful', 'letter');
    await deliverWebhooks(app);
    const news = heard.filter(({ path }) => path === '/news').map(({ body }) => JSON.parse(body));
    const told = points.map(({ id, channel }) => ({
      type: 'suppression.added',
      timestamp: app.now().toISOString(),
      data: {
        id: expect.stringMatching(/^sup_/),
        channel,
        purpose: null,
        reason: 'restricted',
        contact_point_ids: [`cpt_${id}`],
      },
    }));
    expect(news.toSorted((a, b) => (a.data.channel < b.data.channel ? -1 : 1))).toEqual(told);
    expect(await app.db.selectFrom('webhook_news').selectAll().execute()).toEqual([]);
    // A receiver that takes an id only once has to hear of the next one, too.
    await liftRestriction(app, agent, points[0]?.id ?? '');
    test.pass({ days: 30 });
    await restrictProcessing(app, agent, points[0]?.id ?? '', 'unlawful', 'letter');
    await deliverWebhooks(app);
    const all = heard.filter(({ path }) => path === '/news').map(({ body }) => JSON.parse(body).data.id);
    expect(new Set(all).size).toBe(4);
  });

  it('sends one delivery again when asked, under its own id', async () => {
    const { app, call } = test;
    await signUp(app, 'alice@example.org', ['product-news:email']);
    await deliverWebhooks(app);
    const { body } = await call(`/webhooks/${hook.id}/deliveries`);
    const [one] = body.data as { id: string; state: string }[];
    expect(one).toMatchObject({ state: 'sent', last_answer: '200', type: 'permission.pending' });
    expect((await call(`/webhooks/${hook.id}/deliveries/${one?.id}/replay`, {})).status).toBe(200);
    await deliverWebhooks(app);
    expect(heard.map(({ headers }) => headers['webhook-id'])).toEqual([one?.id, one?.id]);
    expect((await call(`/webhooks/${hook.id}/deliveries/msg_none/replay`, {})).status).toBe(404);
    expect((await call('/webhooks/whk_none/replay', {})).status).toBe(404);
  });

  it('calls no private network where that is not allowed, in whatever way it is written', async () => {
    const hosts = ['127.0.0.1', 'localhost', '[::1]', '10.0.0.1', '169.254.169.254', '2130706433', '0x7f.1'];
    for (const host of [
      ...hosts,
      '[::ffff:127.0.0.1]',
      '[::ffff:a00:1]',
      '[::127.0.0.1]',
      '[2002:7f00:1::]',
    ]) {
      expect([host, await postOutside(`http://${host}:9/`, {}, '{}', false)]).toEqual([
        host,
        expect.stringMatching(/private network|EPRIVATE/),
      ]);
    }
  });

  it('follows no redirect, and does not listen to whoever never ends', async () => {
    answers = [302];
    expect(await postOutside(url, {}, '{}', true)).toBe('302');
    expect(heard).toHaveLength(1);
    const endless = createServer((_, response) => {
      response.writeHead(200);
      response.write('and another thing');
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const port = (endless.address() as AddressInfo).port;
    expect(await postOutside(`http://127.0.0.1:${port}/`, {}, '{}', true)).toBe('200');
    await new Promise((resolve) => endless.close(resolve));
  });

  it.each([
    ['http://example.org/hook', 'not_https'],
    ['https://user:word@example.org/hook', 'credentials'],
    ['ftp://example.org/hook', 'invalid_format'],
  ])('takes no address like %s', async (address, code) => {
    test.app.config.webhooksMayBePrivate = false;
    const { status, body } = await test.call('/webhooks', { url: address });
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ pointer: '/url', code }]);
  });
});

/** One round of what the worker does: turns what is new into deliveries, and sends those that are due. */
async function deliverWebhooks(app: App): Promise<{ sent: number; failed: number }> {
  const webhooks = await listWebhooks(app.db);
  await queueWebhooks(app, webhooks);
  const all = await Promise.all(webhooks.map((webhook) => deliverTo(app, webhook)));
  const sum = (name: 'sent' | 'failed') => all.reduce((total, counts) => total + counts[name], 0);
  return { sent: sum('sent'), failed: sum('failed') };
}
