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
});
