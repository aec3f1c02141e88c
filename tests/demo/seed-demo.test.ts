import { describe, expect, it } from 'vitest';
import { seedDemo } from '#src/demo/seed-demo.ts';
import { openTestApp } from '#tests/support/app.ts';
import { databases, openDatabase } from '#tests/support/databases.ts';

describe.each(databases)('seedDemo on %s', (name) => {
  it('fills an empty database once, also when several processes start on it at once', async () => {
    const test = await openTestApp(name);
    const empty = await openDatabase(name);
    const app = { ...test.app, db: empty.db };
    const seeded = await Promise.all([seedDemo(app), seedDemo(app), seedDemo(app)]);
    expect(seeded.filter(Boolean)).toHaveLength(1);
    expect(await empty.db.selectFrom('controllers').select('key').execute()).toHaveLength(1);
    await empty.close();
    await test.close();
  });

  it.each([
    { seededAt: '2026-11-20T09:00:00.000Z', liveFrom: '2026-01-01T00:00:00.000Z' },
    { seededAt: '2025-11-20T09:00:00.000Z', liveFrom: '2025-11-20T09:00:00.000Z' },
  ])('seeded at $seededAt its texts are live since $liveFrom', async ({ seededAt, liveFrom }) => {
    const test = await openTestApp(name);
    const empty = await openDatabase(name);
    await seedDemo({ ...test.app, db: empty.db, now: () => new Date(seededAt) });
    const texts = await empty.db.selectFrom('consent_text_versions').select(['live_from', 'state']).execute();
    expect(new Set(texts.map((text) => text.live_from))).toEqual(new Set([liveFrom]));
    expect(new Set(texts.map((text) => text.state))).toEqual(new Set(['live']));
    await empty.close();
    await test.close();
  });
});
