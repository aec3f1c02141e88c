import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate } from '#db/migrate.ts';
import type { App } from '#src/app/app.ts';
import { readConfig } from '#src/app/config.ts';
import { demoYear } from '#src/demo/demo-year.ts';
import { planYear } from '#src/demo/year-plan.ts';
import { periodOf } from '#src/figures/period.ts';
import { readFunnel } from '#src/figures/read-funnel.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { openApp } from '#src/server/open-app.ts';
import { freshDatabaseUrl } from '#tests/support/databases.ts';

let app: App;
let drop: () => Promise<void>;

beforeEach(async () => {
  const fresh = await freshDatabaseUrl('sqlite');
  const read = readConfig({ DATABASE_URL: fresh.url, LOG_LEVEL: 'silent' });
  if (!read.ok) throw new Error(read.mistakes.join('\n'));
  app = await openApp(read.config);
  drop = fresh.drop;
  await migrate(app.db);
});
afterEach(async () => {
  await app.db.destroy();
  await drop();
});

it('is the same plan every time, with a spring and a fair in it', () => {
  const plan = planYear(365);
  expect(planYear(365)).toEqual(plan);
  const signups = plan.flatMap((day) => day.signups);
  expect(signups.length).toBeGreaterThan(1_500);
  expect(signups.filter(({ source }) => source === 'messe-hannover').length).toBeGreaterThan(50);
});

it('fills an empty database through the acts, up to now, and no other', async () => {
  const result = await demoYear(app, { days: 12 });
  expect(result.outcome).toBe('filled');
  expect((await verifyLedger(app.db, app.keys)).faults).toEqual([]);
  const { all } = await readFunnel(app.db, periodOf('month', app.now()));
  expect(result).toMatchObject({ signups: all.submitted, confirmed: all.confirmed });
  expect(all.shown).toBeGreaterThan(all.submitted);
  expect(all.opened).toBeGreaterThan(0);
  const late = await app.db
    .selectFrom('events')
    .select('id')
    .where('recorded_at', '>', app.now().toISOString())
    .execute();
  expect(late).toEqual([]);
  expect(await demoYear(app, { days: 12 })).toEqual({ outcome: 'not_empty' });
}, 60_000);

it('is never made in production', async () => {
  app.config.production = true;
  await expect(demoYear(app)).rejects.toThrow(/production/);
});
