import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listApiKeys, needsApproval, type Scope } from '#src/exchange/api-keys.ts';
import { findImport } from '#src/exchange/imports.ts';
import { approveKey, makeKey, revokeKey } from '#src/exchange/manage-keys.ts';
import { readMapping } from '#src/exchange/mapping.ts';
import { discardImport, fileAtDesk, matchAtDesk, releaseImport } from '#src/exchange/release-import.ts';
import { runImport } from '#src/exchange/run-import.ts';
import { newId } from '#src/ids/new-id.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { resolveRecipients } from '#src/mail/addressed-mail.ts';
import { outgoing } from '#src/mail/outgoing.ts';
import { renderMails } from '#src/mail/render-mails.ts';
import type { RenderedMail } from '#src/mail/rendered-mail.ts';
import { type Actor, NotAllowed } from '#src/staff/actor.ts';
import { actsOf, aMember } from '#tests/staff/desk.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { databases } from '#tests/support/databases.ts';

const head =
  'contact_point,channel,purpose,text_version,captured_at,captured_by,source,proof_ref,confirmed_at';
const rowOf = (email: string) =>
  `${email},email,product-news,product-news/email/de@1.0,2026-10-01,CRM,old CRM,p-1,2026-10-01`;
const file = [head, rowOf('a@example.org')].join('\n');

describe.each(databases)('two people stand for an import, whoever has keys, on %s', (name) => {
  let test: TestApi;
  let xenia: Actor;
  let yusuf: Actor;
  let legal: Actor;

  beforeEach(async () => {
    test = await openTestApi(name);
    xenia = await aMember(test.app, 'admin', 'xenia@example.org');
    yusuf = await aMember(test.app, 'admin', 'yusuf@example.org');
    legal = await aMember(test.app, 'legal', 'lea@example.org');
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  const keyOf = async (by: Actor | null, scopes: Scope[]) => {
    const made = await makeKey(test.app, by, { name: 'CRM', scopes });
    if (made.outcome !== 'made') throw new Error(made.outcome);
    return made;
  };
  const approved = async (by: Actor) => {
    const made = await keyOf(by, ['write', 'admin']);
    expect(await approveKey(test.app, legal, made.id)).toBe('approved');
    return made;
  };
  const send = (key: string, text = file) =>
    test.call('/imports', text, { 'Content-Type': 'text/csv', Authorization: `Bearer ${key}` });
  const idIn = ({ body }: { body: Record<string, unknown> }) => String(body.id).replace('imp_', '');
  const fileHere = async (by: Actor, text = file) => {
    const id = newId();
    await fileAtDesk(test.app, by, { id, name: 'list.csv', file: Buffer.from(text) });
    await runImport(test.app, id);
    return id;
  };
  const events = async () => (await test.app.db.selectFrom('events').select('id').execute()).length;

  it('gives a powerful key no power before another member of legal or administration approves it', async () => {
    const { app } = test;
    const { id, key, waits } = await keyOf(xenia, ['decide', 'write', 'admin']);
    expect(waits).toBe(true);
    expect(await send(key)).toMatchObject({ status: 401 });
    const asked = { purpose: 'product-news', channel: 'email', contact_points: ['a@example.org'] };
    expect(await test.call('/decisions', asked, { Authorization: `Bearer ${key}` })).toMatchObject({
      status: 401,
    });
    expect(await approveKey(app, xenia, id)).toBe('own');
    const agent = await aMember(app, 'agent');
    await expect(approveKey(app, agent, id)).rejects.toThrow(NotAllowed);
    expect(await send(key)).toMatchObject({ status: 401 });
    const at = await Promise.all([approveKey(app, yusuf, id), approveKey(app, legal, id)]);
    expect(at.toSorted()).toEqual(['approved', 'nothing_to_approve']);
    expect(await send(key)).toMatchObject({ status: 201, body: { landed: true } });
    expect(await actsOf(app, `key:${id}`)).toEqual(['key.made', 'key.approved']);
  });

  it('asks nobody else for a key that can do nothing alone, and for one that the machine itself made', async () => {
    const { app } = test;
    const ordinary = await keyOf(xenia, ['decide', 'read', 'write', 'export']);
    expect(ordinary.waits).toBe(false);
    expect(await send(ordinary.key)).toMatchObject({ status: 202, body: { state: 'waiting' } });
    expect(await approveKey(app, legal, ordinary.id)).toBe('nothing_to_approve');
    const machine = await keyOf(null, ['write', 'admin']);
    expect(machine.waits).toBe(false);
    expect(await send(machine.key, [head, rowOf('b@example.org')].join('\n'))).toMatchObject({ status: 201 });
    const [entry] = await app.db
      .selectFrom('audit_entries')
      .select(['details', 'staff_id'])
      .where('subject', '=', `key:${machine.id}`)
      .execute();
    expect(entry).toMatchObject({ staff_id: null, details: expect.stringContaining('command line') });
  });

  it('mails everybody who may approve the key, and nobody else', async () => {
    const { app } = test;
    await aMember(app, 'agent');
    await aMember(app, 'admin', 'gone@example.org');
    await app.db
      .updateTable('staff')
      .set({ disabled_at: app.now().toISOString() })
      .where('email', '=', 'gone@example.org')
      .execute();
    const { id } = await keyOf(xenia, ['admin', 'write']);
    await keyOf(xenia, ['write']);
    await keyOf(null, ['admin']);
    const rows = await app.db
      .selectFrom('mails')
      .selectAll()
      .where('kind', '=', 'staff-key-waiting')
      .execute();
    const addressed = await resolveRecipients(app.db, app.keys, rows);
    expect(addressed.map(({ address }) => address).toSorted()).toEqual([
      'lea@example.org',
      'yusuf@example.org',
    ]);
    const rendered = await renderMails(app, addressed, app.now());
    const [one] = addressed.map((mail) => outgoing(app, mail, rendered.get(mail.row.id) as RenderedMail));
    expect(one?.subject).toContain('Ein Schlüssel wartet');
    expect(one?.text).toContain(`http://localhost:4321/staff/keys?review=${id}`);
    expect(one?.text).toContain('xenia');
  });

  it('approves no key that was revoked', async () => {
    const { id, key } = await keyOf(xenia, ['admin', 'write']);
    await revokeKey(test.app, xenia, id);
    expect(await approveKey(test.app, legal, id)).toBe('nothing_to_approve');
    expect(await send(key)).toMatchObject({ status: 401 });
  });

  it('lets nobody release at the desk what they filed by a key of theirs', async () => {
    const { app } = test;
    const { key } = await keyOf(xenia, ['write']);
    const id = idIn(await send(key));
    expect(await releaseImport(app, xenia, id)).toEqual({ outcome: 'own' });
    expect(await events()).toBe(0);
    expect(await releaseImport(app, legal, id)).toEqual({ outcome: 'released' });
    await runImport(app, id);
    expect(await findImport(app.db, id)).toMatchObject({ state: 'landed' });
  });

  const waiting: [string, () => Promise<string>][] = [
    ['at the desk', () => fileHere(xenia)],
    ['at the desk, its columns still to be matched', () => fileHere(xenia, 'E-Mail\na@example.org\n')],
    ['by another key', async () => idIn(await send((await keyOf(xenia, ['write'])).key))],
  ];
  it.each(waiting)('lets no key of theirs land what they filed %s and waits', async (_, filed) => {
    const { app } = test;
    const { key } = await approved(xenia);
    const id = await filed();
    // A little otherwise written, or with a line more: it is the same.
    const more = [file, rowOf('c@example.org')].join('\r\n');
    const answers = [await send(key), await send(key, more)];
    expect(answers).toMatchObject([
      { status: 202, body: { state: 'waiting', landed: false } },
      { status: 202, body: { state: 'waiting', landed: false } },
    ]);
    expect(await events()).toBe(0);
    for (const answer of answers)
      expect(await releaseImport(app, xenia, idIn(answer))).toEqual({ outcome: 'own' });
    for (const one of [id, ...answers.map(idIn)]) expect(await discardImport(app, legal, one)).toBe(true);
    expect(await send(key)).toMatchObject({ status: 201, body: { landed: true } });
  });

  it('lets the key of one land while a file of another waits', async () => {
    const { key } = await approved(xenia);
    await fileHere(yusuf, [head, rowOf('d@example.org')].join('\n'));
    expect(await send(key)).toMatchObject({ status: 201 });
  });

  it('lets nobody release a file whose columns they matched', async () => {
    const { app } = test;
    const id = await fileHere(
      xenia,
      `Adresse,${head.split(',').slice(1).join(',')}\n${rowOf('e@example.org')}\n`,
    );
    const here = await findImport(app.db, id);
    expect(here?.state).toBe('mapping');
    if (!here) return;
    const names = head.split(',').slice(1);
    const own = { contact_point: 'Adresse', ...Object.fromEntries(names.map((one) => [one, one])) };
    const mapping = readMapping(own);
    if (!mapping) throw new Error('no mapping');
    expect(await matchAtDesk(app, yusuf, here, mapping)).toBeUndefined();
    await runImport(app, id);
    expect(await releaseImport(app, xenia, id)).toEqual({ outcome: 'own' });
    expect(await releaseImport(app, yusuf, id)).toEqual({ outcome: 'own' });
    expect(await releaseImport(app, legal, id)).toEqual({ outcome: 'released' });
  });

  it('keeps a key of before working, but its files wait until a second person has approved it', async () => {
    const { app } = test;
    const { id, key } = await keyOf(xenia, ['write', 'admin', 'decide']);
    await app.db
      .updateTable('api_keys')
      .set({ works_since: app.now().toISOString() })
      .where('id', '=', id)
      .execute();
    expect(await send(key)).toMatchObject({ status: 202, body: { state: 'waiting' } });
    expect((await listApiKeys(app.db)).filter(needsApproval).map((one) => one.id)).toEqual([id]);
    const [filed] = await app.db.selectFrom('imports').select('id').execute();
    expect(await releaseImport(app, legal, filed?.id ?? '')).toEqual({ outcome: 'released' });
    await runImport(app, filed?.id ?? '');
    expect(await approveKey(app, yusuf, id)).toBe('approved');
    expect(await send(key, [head, rowOf('f@example.org')].join('\n'))).toMatchObject({ status: 201 });
  });
});
