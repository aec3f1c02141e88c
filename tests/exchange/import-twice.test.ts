import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileImport } from '#src/exchange/file-import.ts';
import { findImport } from '#src/exchange/imports.ts';
import { runImport, runImportLater, whenImportsStopped } from '#src/exchange/run-import.ts';
import { runImports } from '#src/exchange/run-imports.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { databases } from '#tests/support/databases.ts';

const head =
  'contact_point,channel,purpose,text_version,captured_at,captured_by,source,proof_ref,confirmed_at';
const text = 'product-news/email/de@1.0';
const rowOf = (name: string, proof = `p-${name}`) =>
  `${name}@example.org,email,product-news,${text},2026-01-01,CRM,old CRM,${proof},${proof && '2026-01-01'}`;
const fileOf = (rows: string[]) => [head, ...rows].join('\n');
const longFile = fileOf(Array.from({ length: 250 }, (_, index) => rowOf(`p${index}`)));
const unsubscribed = readFileSync(new URL('files/mailchimp-unsubscribed.csv', import.meta.url), 'utf8');

describe.each(databases)('a file that comes twice, and an import that is held twice, on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  const send = (file: string, mapping?: object) =>
    test.call(`/imports${mapping ? `?mapping=${encodeURIComponent(JSON.stringify(mapping))}` : ''}`, file, {
      'Content-Type': 'text/csv',
    });
  const events = async () => (await test.app.db.selectFrom('events').select('id').execute()).length;
  const imports = async () => (await test.app.db.selectFrom('imports').select('id').execute()).length;
  const fileHere = async (file: string, releases = true) => {
    const filer = { origin: 'command_line', id: 'command line', name: 'command line', releases } as const;
    const filed = await fileImport(test.app, { name: 'crm.csv', file: Buffer.from(file) }, filer);
    if (filed.outcome === 'unreadable') throw new Error(filed.fault.message);
    return { outcome: filed.outcome, id: filed.import.id };
  };
  const stateOf = (id: string) => findImport(test.app.db, id);
  const heldByAnother = async (id: string, seconds: number) => {
    const until = new Date(test.app.now().getTime() + seconds * 1000).toISOString();
    const held = { claimed_by: 'another', claimed_until: until };
    await test.app.db.updateTable('imports').set(held).where('id', '=', id).execute();
  };

  it('says of a landed file that nothing is new, and writes nothing for it', async () => {
    const file = fileOf([rowOf('a'), rowOf('b', '')]);
    expect(await send(file)).toMatchObject({ status: 201, body: { usable: 1, unusable: 1 } });
    const before = await events();
    expect(await send(file)).toMatchObject({ status: 201, body: { landed: true, rows: 2, unchanged: 2 } });
    const mapping = { contact_point: 'Email Address', channel: '=email', purpose: '=product-news' };
    const states = { ...mapping, state: '=withdrawn', state_at: 'UNSUB_TIME' };
    expect(await send(unsubscribed, states)).toMatchObject({ status: 201, body: { withdrawn: 4 } });
    const after = await events();
    expect(await send(unsubscribed, states)).toMatchObject({ status: 201, body: { unchanged: 4 } });
    expect([before, await events()]).toEqual([2, after]);
  });

  it('gives the import that is there while the file is worked on or waits', async () => {
    const first = await fileHere(longFile);
    await runImport(test.app, first.id, -1);
    expect(await fileHere(longFile)).toEqual({ outcome: 'filed_before', id: first.id });
    expect((await fileHere(longFile, false)).id).not.toBe(first.id);
    expect((await fileHere(`${longFile}\n`)).id).not.toBe(first.id);
  });

  it('takes a file once that two send at the same moment', async () => {
    const file = fileOf([rowOf('a'), rowOf('b')]);
    const filed = await Promise.all([fileHere(file), fileHere(file), fileHere(file)]);
    expect(filed.map(({ outcome }) => outcome).toSorted()).toEqual(['filed', 'filed_before', 'filed_before']);
    expect(await imports()).toBe(1);
  });

  it('says at the API that the same file is still worked on', async () => {
    const { app } = test;
    const { id: key } = await app.db.selectFrom('api_keys').select('id').executeTakeFirstOrThrow();
    const filer = { origin: 'api', id: key, name: 'demo', releases: true } as const;
    const filed = await fileImport(app, { name: 'API: demo', file: Buffer.from(longFile) }, filer);
    const id = 'import' in filed ? filed.import.id : '';
    await heldByAnother(id, 20);
    expect(await send(longFile)).toMatchObject({
      status: 202,
      body: { id: `imp_${id}`, state: 'checking', landed: false, landed_rows: 0 },
    });
    test.pass({ minutes: 0.5 });
    expect(await send(longFile)).toMatchObject({
      status: 201,
      body: { id: `imp_${id}`, landed: true, usable: 250 },
    });
    expect([await imports(), await events()]).toEqual([1, 250]);
  });

  it('is taken over when its process has died, and not before', async () => {
    const { app, pass } = test;
    const { id } = await fileHere(longFile);
    await heldByAnother(id, 15);
    pass({ minutes: 0.2 });
    expect(await runImports(app)).toEqual({ imports: 0 });
    pass({ minutes: 0.1 });
    expect(await runImports(app)).toEqual({ imports: 1 });
    expect(await stateOf(id)).toMatchObject({ state: 'landed', claimed_until: null, claimed_by: null });
  });

  it.each(['checking', 'landing'])(
    'takes nothing from a process that lost its claim while %s',
    async (state) => {
      const { app, pass } = test;
      const { id } = await fileHere(longFile);
      while ((await stateOf(id))?.state !== state) await runImport(app, id, -1);
      await runImport(app, id, -1);
      const before = { events: await events(), stands: await stateOf(id) };
      // Between reading a portion and writing it.
      const db = app.db.withPlugin({
        transformQuery: ({ node }) => {
          reads = reads || JSON.stringify(node).includes('import_parts');
          return node;
        },
        transformResult: async ({ result }) => {
          if (reads && !taken) {
            taken = true;
            await heldByAnother(id, 15);
          }
          return result;
        },
      });
      let [reads, taken] = [false, false];
      expect(await runImport({ ...app, db }, id)).toBe(true);
      expect(taken).toBe(true);
      const { claimed_until } = (await stateOf(id)) ?? {};
      expect(await stateOf(id)).toEqual({ ...before.stands, claimed_by: 'another', claimed_until });
      expect(await events()).toBe(before.events);
      pass({ minutes: 1 });
      expect(await runImports(app)).toEqual({ imports: 1 });
      expect(await stateOf(id)).toMatchObject({ state: 'landed', landed_rows: 250, usable: 250 });
      expect(await events()).toBe(250);
    },
  );

  it('is given back at once when its process is told to stop', async () => {
    const { app } = test;
    const { id } = await fileHere(longFile);
    const stopping = new AbortController();
    const ending = { ...app, stopping: stopping.signal };
    runImportLater(ending, id);
    await expect.poll(async () => (await stateOf(id))?.checked_rows, { interval: 5 }).toBeGreaterThan(0);
    stopping.abort();
    await whenImportsStopped(ending);
    const left = await stateOf(id);
    expect(left).toMatchObject({ claimed_until: null, claimed_by: null });
    expect(await runImport(ending, id)).toBe(false);
    await runImport(app, id);
    expect([(await stateOf(id))?.state, await events()]).toEqual(['landed', 250]);
  });
});
