import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestApp, permissionsOf, type TestApp } from '#tests/support/app.ts';
import { jawort } from '#tests/support/jawort.ts';

let test: TestApp;
let folder: string;

beforeEach(async () => {
  test = await openTestApp('sqlite');
  folder = await mkdtemp(join(tmpdir(), 'jawort-import-'));
});
afterEach(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

it('asks what a column means that reads like a state, and takes the answer', async () => {
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
