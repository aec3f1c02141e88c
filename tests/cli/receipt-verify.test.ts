import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { issueReceipt } from '#src/dossiers/receipt.ts';
import { manageLink } from '#src/links/signed-link.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp } from '#tests/support/app.ts';
import { jawort } from '#tests/support/jawort.ts';

it('says by its exit code whether a receipt is genuine', async () => {
  const { app, close } = await openTestApp('sqlite');
  await signUp(app, 'anna@example.org', ['partner-offers:email']);
  await confirmSignup(app, await newestToken(app, 'anna@example.org'), aClient);
  const point = await app.db.selectFrom('contact_points').select('id').executeTakeFirstOrThrow();
  const result = await issueReceipt(app, manageLink(app.keys, point.id, 0, app.now()), 'de');
  if (result.outcome !== 'issued') throw new Error(result.outcome);
  const folder = mkdtempSync(join(tmpdir(), 'jawort-receipt-'));
  const verify = (name: string, ...options: string[]) =>
    jawort(app, ['receipt', 'verify', join(folder, name), ...options]);
  writeFileSync(join(folder, 'genuine.json'), JSON.stringify(result.receipt));
  const changed = { ...result.receipt, issued_at: '2020-01-01T00:00:00.000Z' };
  writeFileSync(join(folder, 'changed.json'), JSON.stringify(changed));
  expect(await verify('genuine.json')).toMatchObject({ code: 0, stdout: expect.stringContaining('genuine') });
  expect(await verify('changed.json', '--json')).toMatchObject({
    code: 1,
    stdout: '{"verdict":"changed"}\n',
  });
  expect(await verify('none.json')).toMatchObject({ code: 2 });
  rmSync(folder, { recursive: true });
  await close();
}, 60_000);
