import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '#src/exchange/api-keys.ts';
import { findImport } from '#src/exchange/imports.ts';
import { makeKey } from '#src/exchange/manage-keys.ts';
import { discardImport, fileAtDesk, releaseImport } from '#src/exchange/release-import.ts';
import { runImport } from '#src/exchange/run-import.ts';
import { runImports } from '#src/exchange/run-imports.ts';
import { newId } from '#src/ids/new-id.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { NotAllowed } from '#src/staff/actor.ts';
import { actsOf, aMember } from '#tests/staff/desk.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { databases } from '#tests/support/databases.ts';

const head =
  'contact_point,channel,purpose,text_version,captured_at,captured_by,source,proof_ref,confirmed_at';
const text = 'product-news/email/de@1.0';
const proven = `a@example.org,email,product-news,${text},2026-01-01,CRM,old CRM,p-1,2026-01-01`;
const claimed = `b@example.org,email,product-news,${text},2026-01-01,CRM,old CRM,,`;
const wrong = `c@example.org,email,product-news,${text},2027-01-01,CRM,old CRM,p-3,`;

describe.each(databases)('POST /api/v1/imports on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  const csv = { 'Content-Type': 'text/csv' };

  async function fileAs(scopes: Scope[]) {
    const { app } = test;
    const made = await makeKey(app, null, { name: 'CRM', scopes });
    const key = made.outcome === 'made' ? made.key : '';
    const headers = { ...csv, Authorization: `Bearer ${key}` };
    const file = await test.call('/imports', [head, proven, claimed].join('\n'), headers);
    return { file, id: String(file.body.id).replace('imp_', '') };
  }

  const send = (lines: string[], query = '') =>
    test.call(`/imports${query}`, [head, ...lines].join('\n'), { 'Content-Type': 'text/csv' });
  const events = async () => (await test.app.db.selectFrom('events').select('kind').execute()).length;

  it('shows in a dry run what would become of each line, and writes nothing', async () => {
    expect(await send([proven, claimed, wrong], '?dry_run=1')).toMatchObject({
      status: 200,
      body: {
        dry_run: true,
        landed: false,
        rows: 3,
        usable: 1,
        unusable: 1,
        refused: 1,
        lines: [
          { line: 3, outcome: 'unusable', why: expect.stringContaining('proof_ref') },
          { line: 4, outcome: 'refused', why: expect.stringContaining('captured_at') },
        ],
      },
    });
    expect(await events()).toBe(0);
    expect(await test.app.db.selectFrom('people').select('id').execute()).toEqual([]);
  });

  it('takes dates as German offices write them, and none that can be read in two ways', async () => {
    const line = (name: string, captured: string, confirmed = '') =>
      `${name}@example.org,email,product-news,${text},"${captured}",CRM,old CRM,p-${name},"${confirmed}"`;
    const dates = ['24.10.2026', '3.4.2026', '24.10.2026 14:30', '24.10.2026, 14:30:05 Uhr', '2026-10-24'];
    const unclear = ['03/04/2026', '24/10/2026', '24.10.26', '31.02.2026', '2026-13-01', '24.12.2026'];
    const lines = [...dates, ...unclear].map((date, index) => line(`p${index}`, date, dates[index] ?? ''));
    const { body } = await send(lines, '?dry_run=1');
    expect(body).toMatchObject({ usable: 5, refused: 6 });
    const told = (body.lines as { line: number; why: string }[]).map(({ line, why }) => [line, why]);
    expect(told).toEqual([
      [7, expect.stringContaining('captured_at: Day, month and year are ambiguous')],
      [8, expect.stringContaining('captured_at: Day, month and year are ambiguous')],
      [9, expect.stringContaining('captured_at: Day, month and year are ambiguous')],
      [10, 'captured_at: This is neither a date nor a time.'],
      [11, 'captured_at: This is neither a date nor a time.'],
      [12, 'captured_at: This has not happened yet.'],
    ]);
    await send(lines.slice(0, 5));
    const times = await test.app.db
      .selectFrom('permissions')
      .select('granted_at')
      .orderBy('granted_at')
      .execute();
    expect(times.map(({ granted_at }) => granted_at)).toEqual([
      '2026-04-03T00:00:00.000Z',
      '2026-10-24T00:00:00.000Z',
      '2026-10-24T00:00:00.000Z',
      '2026-10-24T12:30:00.000Z',
      '2026-10-24T12:30:05.000Z',
    ]);
  });

  it('lands all lines, those without proof as what they are', async () => {
    expect(await send([proven, claimed])).toMatchObject({ status: 201, body: { landed: true } });
    const { body } = await test.call('/decisions', {
      purpose: 'product-news',
      channel: 'email',
      contact_points: ['a@example.org', 'b@example.org'],
    });
    expect(body).toMatchObject({ decisions: [{ allowed: true }, { allowed: false }] });
  });

  it('lands nothing when one line is wrong', async () => {
    expect(await send([proven, wrong])).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/3', code: 'refused_line' }] },
    });
    expect(await events()).toBe(0);
  });

  it('leaves the file of a key without the scope admin to a second person', async () => {
    const { app } = test;
    const { id, file } = await fileAs(['write', 'read']);
    expect(file).toMatchObject({
      status: 202,
      body: { state: 'waiting', landed: false, usable: 1, unusable: 1 },
    });
    expect(await events()).toBe(0);
    const kept = JSON.stringify(await app.db.selectFrom('import_parts').selectAll().execute());
    expect(kept).not.toContain('example.org');
    const agent = await aMember(app, 'agent');
    await expect(releaseImport(app, agent, id)).rejects.toThrow(NotAllowed);
    const legal = await aMember(app, 'legal');
    expect(await releaseImport(app, legal, id)).toEqual({ outcome: 'released' });
    expect(await releaseImport(app, legal, id)).toEqual({ outcome: 'not_waiting' });
    await runImport(app, id);
    const { body } = await test.call(`/imports/imp_${id}`);
    expect(body).toMatchObject({ state: 'landed', landed: true, landed_rows: 2, usable: 1, unusable: 1 });
    expect(body.lines).toMatchObject([{ line: 3, outcome: 'unusable' }]);
    expect(await events()).toBe(2);
    expect(await app.db.selectFrom('import_parts').selectAll().execute()).toEqual([]);
    expect(await actsOf(app, `import:${id}`)).toEqual(['import.released']);
  });

  it('lets nobody release what they filed, and forgets what was thrown away', async () => {
    const { app } = test;
    const admin = await aMember(app, 'admin');
    const file = Buffer.from(`${head}\n${proven}\n`);
    const id = newId();
    await fileAtDesk(app, admin, { id, name: 'crm.csv', file });
    expect(await fileAtDesk(app, admin, { id, name: 'crm.csv', file })).toEqual({ outcome: 'filed_before' });
    await runImport(app, id);
    expect(await releaseImport(app, admin, id)).toEqual({ outcome: 'own' });
    expect(await discardImport(app, admin, id)).toBe(true);
    expect(await releaseImport(app, await aMember(app, 'legal'), id)).toEqual({ outcome: 'not_waiting' });
    expect(await app.db.selectFrom('import_parts').selectAll().execute()).toEqual([]);
    expect(await actsOf(app, `import:${id}`)).toEqual(['import.filed', 'import.discarded']);
    expect(await events()).toBe(0);
  });

  it('goes on where a process died, and lands no line twice', async () => {
    const { app, pass } = test;
    const lines = Array.from(
      { length: 250 },
      (_, index) =>
        `p${index}@example.org,email,product-news,${text},2026-01-01,CRM,old CRM,p-${index},2026-01-01`,
    );
    const agent = await aMember(app, 'agent');
    const id = newId();
    await fileAtDesk(app, agent, { id, name: 'crm.csv', file: Buffer.from([head, ...lines].join('\n')) });
    await runImport(app, id);
    await releaseImport(app, await aMember(app, 'legal'), id);
    await runImport(app, id, -1);
    expect(await findImport(app.db, id)).toMatchObject({ state: 'landing', landed_rows: 100 });
    await app.db.updateTable('imports').set({ claimed_until: app.now().toISOString() }).execute();
    pass({ minutes: 2 });
    expect(await runImports(app)).toEqual({ imports: 1 });
    expect(await findImport(app.db, id)).toMatchObject({ state: 'landed', landed_rows: 250, usable: 250 });
    expect(await events()).toBe(250);
  });

  it('reads a file with other columns by a mapping', async () => {
    const file = `E-Mail;Herkunft;Nr;Datum;Liste\nA@Example.org;Messe;p-1;2026-01-01;7\n`;
    const mapping = {
      contact_point: 'E-Mail',
      channel: '=email',
      purpose: '=product-news',
      text_version: `=${text}`,
      captured_at: 'Datum',
      confirmed_at: 'Datum',
      captured_by: '=CRM',
      source: 'Herkunft',
      proof_ref: 'Nr',
      'evidence.list': '=7',
    };
    const read = (map: object, query = 'dry_run=1') =>
      test.call(`/imports?${query}&mapping=${encodeURIComponent(JSON.stringify(map))}`, file, csv);
    expect((await read(mapping)).body).toMatchObject({ rows: 1, usable: 1, ignored: ['Liste'] });
    expect(await read({ ...mapping, source: 'Nirgends' })).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'no_such_column' }] },
    });
    expect(await read({ ...mapping, colour: 'Nr' })).toMatchObject({
      body: { errors: [{ code: 'unknown_field' }] },
    });
    expect(await test.call('/imports?mapping=oops', file, csv)).toMatchObject({
      body: { errors: [{ pointer: '/mapping' }] },
    });
  });

  it('takes no formula for an answer, and no file without lines, be it a trial or not', async () => {
    const formula = [proven.replace('a@', '=a@'), proven.replace(',CRM,', ',=A1&B1,')];
    expect((await send(formula, '?dry_run=1')).body.lines).toEqual([
      { line: 2, outcome: 'refused', why: 'contact_point: This is a formula, not its result.' },
      { line: 3, outcome: 'refused', why: 'captured_by: This is a formula, not its result.' },
    ]);
    for (const query of ['?dry_run=1', '']) {
      expect(await send([], query)).toMatchObject({ status: 422, body: { errors: [{ code: 'no_rows' }] } });
    }
  });

  it('names what is wrong with a line, down to its encoding', async () => {
    const broken = [
      proven,
      proven.replace('a@', 'A@'),
      `${proven.replace('a@', 'd@')},more`,
      'e@example.org,email',
      `f@example.org,email,product-news,${text},2026-01-01,"CR"M,old CRM,p,`,
      `,email,product-news,${text},2026-01-01,CRM,old CRM,p,`,
      `g@example.org,telegram,product-news,${text},2026-01-01,CRM,old CRM,p,`,
    ];
    const file = Buffer.concat([
      Buffer.from([head, ...broken, ''].join('\r\n')),
      Buffer.from([0x6d, 0xfc, 0x2c, 0x78, 0x0a]),
    ]);
    const response = await fetch(`${test.url}/api/v1/imports?dry_run=1`, {
      method: 'POST',
      headers: { ...csv, Authorization: 'Bearer jw_demo_key' },
      body: file,
    });
    const { lines } = (await response.json()) as { lines: { line: number; why: string }[] };
    expect(lines.map(({ line, why }) => [line, why])).toEqual([
      [3, expect.stringContaining('Line 2')],
      [4, expect.stringContaining('more cells')],
      [5, expect.stringContaining('fewer cells')],
      [6, expect.stringContaining('quotation marks')],
      [7, 'contact_point: This field is required.'],
      [8, expect.stringContaining('channel')],
      [9, expect.stringContaining('UTF-8')],
    ]);
    expect(JSON.stringify(lines)).not.toContain('example.org');
  });

  it('lands a file once, however often it is sent with the same Idempotency-Key', async () => {
    const once = { ...csv, 'Idempotency-Key': 'file-1' };
    const first = await test.call('/imports', `${head}\n${proven}`, once);
    const again = await test.call('/imports', `${head}\n${proven}`, once);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(await events()).toBe(1);
    const other = await test.call('/imports', `${head}\n${claimed}`, once);
    expect(other).toMatchObject({ status: 422, body: { errors: [{ code: 'idempotency_key_reused' }] } });
  });

  it('are listed newest first, page by page', async () => {
    for (const key of ['1', '2', '3']) {
      await test.call('/imports', `${head}\n${proven}`, { ...csv, 'Idempotency-Key': key });
    }
    const whole = await test.call('/imports');
    const first = await test.call('/imports?limit=2');
    const second = await test.call(`/imports?limit=2&cursor=${first.body.next_cursor}`);
    expect([...(first.body.data as object[]), ...(second.body.data as object[])]).toEqual(whole.body.data);
    expect([first.body.has_more, second.body.has_more, second.body.next_cursor]).toEqual([true, false, null]);
    expect((await test.call('/imports?limit=0')).status).toBe(422);
    expect((await test.call('/imports?page=2')).status).toBe(422);
  });

  it('refuses a file whose columns it does not know', async () => {
    const file = 'email\na@example.org';
    const { status } = await test.call('/imports', file, { 'Content-Type': 'text/csv' });
    expect(status).toBe(422);
  });
});
