import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLedger } from '#src/ledger/verify.ts';
import { actsOf } from '#tests/staff/desk.ts';
import { openTestApp, permissionsOf, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { jawort } from '#tests/support/jawort.ts';

let test: TestApp;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jawort-import-'));
});
afterEach(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

it('asks what a column means that reads like a state, and takes the answer', async () => {
  test = await openTestApp('sqlite');
  const file = join(folder, 'unsubscribed.csv');
  const source = new URL('../exchange/files/mailchimp-unsubscribed.csv', import.meta.url);
  await writeFile(file, await readFile(source));
  const map = join(folder, 'map.json');
  const mapping = { contact_point: 'Email Address', channel: '=email', purpose: '=product-news' };
  await writeFile(map, JSON.stringify(mapping));
  const open = await jawort(test.app, ['import', file, '--map', map, '--dry-run', '--json']);
  expect(open.code).toBe(2);
  expect(JSON.parse(open.stdout)).toMatchObject({
    errors: [{ code: 'state_unanswered', names: ['UNSUB_TIME', 'UNSUB_REASON'] }],
  });
  await writeFile(map, JSON.stringify({ ...mapping, state: '=withdrawn', state_at: 'UNSUB_TIME' }));
  const landed = await jawort(test.app, ['import', file, '--map', map, '--json']);
  expect(landed.code).toBe(0);
  expect(JSON.parse(landed.stdout)).toMatchObject({ rows: 4, usable: 0, withdrawn: 4, refused: 0 });
  expect(await permissionsOf(test.app, 'ella.beispiel@example.org')).toEqual({
    'product-news:email': 'withdrawn',
  });
});

describe.each(databases)('an import that is broken off, on %s', (name) => {
  const lines = 1_000;
  let file: string;

  beforeEach(async () => {
    test = await openTestApp(name);
    file = join(folder, 'crm.csv');
    const head =
      'contact_point,channel,purpose,text_version,captured_at,captured_by,source,proof_ref,confirmed_at';
    const rows = Array.from(
      { length: lines },
      (_, index) =>
        `p${index}@example.org,email,product-news,product-news/email/de@1.0,2026-01-01,CRM,old CRM,p-${index},2026-01-01`,
    );
    await writeFile(file, [head, ...rows].join('\n'));
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
  });

  const stands = () => test.app.db.selectFrom('imports').selectAll().executeTakeFirstOrThrow();
  const events = async () => (await test.app.db.selectFrom('events').select('id').execute()).length;

  /** Ends the command by this signal as soon as some of the lines are in, and before all are. */
  async function breakOff(signal: 'SIGKILL' | 'SIGTERM') {
    const env = { PATH: process.env.PATH, DATABASE_URL: test.app.config.databaseUrl };
    const child = spawn(process.execPath, ['src/cli/jawort.ts', 'import', file], { env });
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const landed = () => test.app.db.selectFrom('imports').select('landed_rows').executeTakeFirst();
    await expect
      .poll(async () => (await landed())?.landed_rows ?? 0, { interval: 10, timeout: 30_000 })
      .toBeGreaterThan(0);
    child.kill(signal);
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, said, ...(await stands()) };
  }

  it('goes on by the same command after a kill, and lands each line once', async () => {
    const left = await breakOff('SIGKILL');
    expect(left.state).toBe('landing');
    expect(left.landed_rows).toBeLessThan(lines);
    expect(await events()).toBe(left.landed_rows);
    // The claim of the dead process ends by itself after fifteen seconds.
    await test.app.db.updateTable('imports').set({ claimed_until: left.filed_at }).execute();
    const again = await jawort(test.app, ['import', file, '--json']);
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('was filed already') });
    expect(JSON.parse(again.stdout)).toMatchObject({ landed: true, rows: lines, usable: lines });
    expect(await events()).toBe(lines);
    const third = await jawort(test.app, ['import', file]);
    expect(third).toMatchObject({ code: 0, stderr: expect.stringContaining('landed already, on 20') });
    expect(await events()).toBe(lines);
    expect(await stands()).toMatchObject({ id: left.id, landed_rows: lines });
    expect(await actsOf(test.app, `import:${left.id}`)).toEqual(['import.released']);
  });

  it('is given back at once when the command is told to end', async () => {
    const left = await breakOff('SIGTERM');
    expect(left).toMatchObject({ code: 130, state: 'landing', claimed_by: null, claimed_until: null });
    expect(left.said).toContain(`stopped. ${left.landed_rows} of ${lines} lines are in.`);
    expect(await events()).toBe(left.landed_rows);
    const again = await jawort(test.app, ['import', file]);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('All of them are in.') });
    expect(await events()).toBe(lines);
  });
});
