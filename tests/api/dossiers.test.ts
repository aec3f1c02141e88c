import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpackFiles } from '#src/dossiers/zip.ts';
import { addApiKey, demoKey, scopes } from '#src/exchange/api-keys.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { verifyDossier } from '#src/verifier/verify-dossier.ts';
import { withLogKey } from '#tests/dossiers/log-key.ts';
import { aPermission } from '#tests/dossiers/six-kinds.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('POST /api/v1/dossiers on %s', (name) => {
  let test: TestApi;
  let removeKey: () => void;
  beforeEach(async () => {
    test = await openTestApi(name);
    removeKey = await withLogKey(test.app);
  });
  afterEach(async () => {
    await test.close();
    removeKey();
  });

  async function zipOf(body: object): Promise<Uint8Array> {
    const response = await fetch(`${test.url}/api/v1/dossiers`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${demoKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).not.toContain('alice');
    return new Uint8Array(await response.arrayBuffer());
  }

  it('gives a genuine dossier of a permission, and of everything about an address', async () => {
    const id = await aPermission(test.app, 'a signup on the web');
    for (const body of [{ permission_id: `per_${id}` }, { contact_point: 'alice@example.org' }]) {
      const files = unpackFiles(await zipOf(body));
      expect((await verifyDossier(files ?? new Map())).outcome).toBe('genuine');
    }
    const entries = await test.app.db
      .selectFrom('audit_entries')
      .select(['subject', 'details'])
      .where('act', '=', 'dossier.made')
      .execute();
    expect(entries.map(({ subject }) => subject.split(':')[0])).toEqual(['permission', 'contact-point']);
    expect(JSON.parse(entries[0]?.details ?? '')).toMatchObject({ key_name: 'Demo' });
    expect(JSON.stringify(entries)).not.toContain('alice');
  });

  it('gives one as of a past day', async () => {
    await aPermission(test.app, 'an existing customer');
    const at = test.app.now().toISOString();
    test.pass({ days: 2 });
    await aPermission(test.app, 'a signup on the web');
    const past = unpackFiles(await zipOf({ contact_point: 'alice@example.org', at }));
    expect([...(past?.keys() ?? [])].filter((file) => file.startsWith('form/'))).toEqual([]);
  });

  it('answers 404 for what is unknown, and 422 for what is no address or has not come yet', async () => {
    const unknown = { status: 404, body: { title: 'Not found' } };
    expect(await test.call('/dossiers', { contact_point: 'nobody@example.org' })).toMatchObject(unknown);
    expect(await test.call('/dossiers', { permission_id: 'per_nothing' })).toMatchObject(unknown);
    const id = await aPermission(test.app, 'a signup on the web');
    expect(
      await test.call('/dossiers', { permission_id: `per_${id}`, at: '2025-01-01T00:00:00Z' }),
    ).toMatchObject(unknown);
    expect(await test.call('/dossiers', { contact_point: 'nobody' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/contact_point' }] },
    });
    expect(
      await test.call('/dossiers', { contact_point: 'alice@example.org', at: '2099-01-01T00:00:00Z' }),
    ).toMatchObject({ status: 422, body: { errors: [{ pointer: '/at' }] } });
    for (const body of [{}, { contact_point: 'alice@example.org', permission_id: `per_${id}` }]) {
      expect(await test.call('/dossiers', body)).toMatchObject({ status: 422 });
    }
  });

  it('asks to name the permission when several people have the number', async () => {
    const { db, keys } = test.app;
    await aPermission(test.app, 'a presumed interest');
    await aPermission(test.app, 'a recorded call');
    await db
      .updateTable('contact_points')
      .set({ lookup_hash: lookupHash(keys, 'phone', '+4930901820') })
      .where('channel', '=', 'phone')
      .execute();
    expect(await test.call('/dossiers', { contact_point: '+4930901820' })).toMatchObject({ status: 409 });
  });

  it('needs the scope evidence', async () => {
    const others = scopes.filter((scope) => scope !== 'evidence');
    const key = await test.app.db
      .transaction()
      .execute((tx) => addApiKey(tx, test.app.now().toISOString(), { name: 'CRM', scopes: others }));
    const headers = { Authorization: `Bearer ${key}` };
    expect(await test.call('/dossiers', { contact_point: 'alice@example.org' }, headers)).toMatchObject({
      status: 403,
    });
  });

  it('says so when the log has no key', async () => {
    const id = await aPermission(test.app, 'a signup on the web');
    test.app.config.logKey = undefined;
    expect(await test.call('/dossiers', { permission_id: `per_${id}` })).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('log init') },
    });
  });
});
