import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { addApiKey, demoKey, findApiKey, listApiKeys, revokeApiKey } from '#src/exchange/api-keys.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { databases } from '#tests/support/databases.ts';

const question = { purpose: 'product-news', channel: 'email', contact_points: ['alice@example.org'] };

describe.each(databases)('the API on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name);
  });
  afterEach(() => test.close());

  it('asks for a key, and says what one it has may not do', async () => {
    const { app, call } = test;
    const none = await call('/decisions', question, { Authorization: '' });
    expect(none).toMatchObject({ status: 401, body: { status: 401, title: expect.any(String) } });
    expect(none.headers.get('www-authenticate')).toBe('Bearer realm="jawort"');
    expect((await call('/decisions', question, { Authorization: 'Bearer jw_nobody' })).status).toBe(401);
    const at = app.now().toISOString();
    const key = await app.db
      .transaction()
      .execute((tx) => addApiKey(tx, at, { name: 'CRM', scopes: ['read'] }));
    const narrow = await call('/decisions', question, { Authorization: `Bearer ${key}` });
    expect(narrow.status).toBe(403);
    expect(narrow.headers.get('www-authenticate')).toContain('insufficient_scope');
  });

  it('takes whoever goes away in the middle of a question for no fault of ours', async () => {
    const { port } = new URL(test.url);
    const ended: unknown[] = [];
    test.app.log.debug = (...what: unknown[]) => ended.push(what);
    for (const path of ['decisions', 'decisions/stream?purpose=product-news&channel=email']) {
      const type = path === 'decisions' ? 'application/json' : 'text/csv';
      const socket = connect(Number(port), '127.0.0.1');
      const head = [
        `POST /api/v1/${path} HTTP/1.1`,
        'Host: x',
        `Content-Type: ${type}`,
        'Content-Length: 1000',
        'Expect: 100-continue',
      ];
      socket.write(`${[...head, `Authorization: Bearer ${demoKey}`].join('\r\n')}\r\n\r\n{"purpose"`);
      // The server says 100 as soon as it has read the head.
      await once(socket, 'data');
      socket.destroy();
      const before = ended.length;
      await vi.waitUntil(() => ended.length > before, { timeout: 10_000 });
    }
    expect(ended).toEqual(ended.map(() => [expect.anything(), 'api.broken_off']));
  });

  it('keeps no key, takes none that was revoked, and none of the demo in production', async () => {
    const { app, call } = test;
    const at = app.now().toISOString();
    const key = await app.db
      .transaction()
      .execute((tx) => addApiKey(tx, at, { name: 'CRM', scopes: ['decide'] }));
    const listed = (await listApiKeys(app.db)).find((one) => one.name === 'CRM');
    expect(listed).toMatchObject({ last_four: key.slice(-4), scopes: 'decide' });
    expect(JSON.stringify(await app.db.selectFrom('api_keys').selectAll().execute())).not.toContain(key);
    const headers = { Authorization: `Bearer ${key}` };
    expect((await call('/decisions', question, headers)).status).toBe(200);
    await app.db.transaction().execute((tx) => revokeApiKey(tx, listed?.id ?? '', at));
    expect((await call('/decisions', question, headers)).status).toBe(401);
    const production = { ...app, config: { ...app.config, production: true } };
    expect(await findApiKey(production, 'jw_demo_key')).toBeUndefined();
  });

  it.each([
    ['nothing there', 404, '/nowhere', question, {}],
    ['the wrong method', 405, '/events', {}, {}],
    ['what is not JSON by name', 415, '/decisions', 'a=b', { 'Content-Type': 'text/plain' }],
    ['an answer in another type', 406, '/decisions', question, { Accept: 'image/png' }],
    ['a body of some megabytes', 413, '/decisions', `"${'x'.repeat(3_000_000)}"`, {}],
    ['no body', 400, '/decisions', '', {}],
  ])('answers %s with %i as problem JSON', async (_, status, path, body, headers) => {
    const answer = await test.call(path, body, headers as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ type: 'about:blank', status, detail: expect.any(String) });
  });

  it('names the place where JSON breaks off, without repeating it', async () => {
    const { status, body } = await test.call('/decisions', '{\n  "contact_points": ["anna@example.org",}');
    expect(status).toBe(400);
    expect(JSON.stringify(body)).not.toContain('anna');
    expect(body.errors).toEqual([
      { pointer: '', code: 'malformed_json', message: 'The mistake is at line 2, column 42.' },
    ]);
  });

  it('counts requests in headers', async () => {
    const { headers } = await test.call('/decisions', question);
    expect(headers.get('ratelimit-policy')).toMatch(/^"default";q=\d+;w=60$/);
    expect(headers.get('ratelimit')).toMatch(/^"default";r=\d+;t=\d+$/);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('does once what is sent twice with the same Idempotency-Key, also at once', async () => {
    const { app, call } = test;
    const withdrawal = { contact_point: 'nobody@example.org', how: 'telephone' };
    const headers = { 'Idempotency-Key': 'a1' };
    const answers = await Promise.all([1, 2, 3].map(() => call('/withdrawals', withdrawal, headers)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ suppressed: true });
    expect(await app.db.selectFrom('suppressions').select('id').execute()).toHaveLength(1);
    const again = await call('/withdrawals', withdrawal, headers);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await call('/withdrawals', { ...withdrawal, how: 'letter' }, headers);
    expect(other).toMatchObject({ status: 422, body: { errors: [{ code: 'idempotency_key_reused' }] } });
  });
});
