/** Each table that has a leaf is changed by the product's own doors, and the log knows of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catchUp } from '#src/log/catch-up.ts';
import { logSources } from '#src/log/sources.ts';
import { verifyLog } from '#src/log/verify-log.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { databases } from '#tests/support/databases.ts';
import { steps } from './everything.ts';

describe.each(databases)('the log follows every door on %s', (name) => {
  let test: TestApi;
  let mails: string;
  beforeAll(async () => {
    mails = mkdtempSync(join(tmpdir(), 'jawort-mails-'));
    test = await openTestApi(name);
  });
  afterAll(async () => {
    await test.close();
    rmSync(mails, { recursive: true, force: true });
  });

  // Taken in after each step: a change that no trigger noticed would be found as one that was never logged.
  it.each(steps)('when $name', async ({ act }) => {
    await act(test, mails);
    await catchUp(test.app);
    expect((await verifyLog(test.app, [])).findings).toEqual([]);
  });

  it.each(logSources)(
    'and has entries of the kind $kind, some about a row that was changed',
    async ({ kind, table }) => {
      const entries = await test.app.db
        .selectFrom('log_entries')
        .select('ref')
        .where('kind', '=', kind)
        .execute();
      const refs = entries.map(({ ref }) => ref);
      expect(refs).not.toEqual([]);
      if (changing.includes(table)) expect(new Set(refs).size).toBeLessThan(refs.length);
    },
  );
});

/** Tables whose rows are logged again when they change. */
const changing = [
  'suppressions',
  'refusals',
  'grounds',
  'consent_text_versions',
  'purposes',
  'controllers',
  'letters',
  'imports',
  'staff',
  'api_keys',
  'receipt_keys',
];
