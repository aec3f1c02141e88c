import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requireImport } from '#src/exchange/imports.ts';
import { fileAtDesk, releaseImport } from '#src/exchange/release-import.ts';
import { reviewRows } from '#src/exchange/review-rows.ts';
import { runImport } from '#src/exchange/run-import.ts';
import { newId } from '#src/ids/new-id.ts';
import { NotAllowed } from '#src/staff/actor.ts';
import { aMember } from '#tests/staff/desk.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const head = 'contact_point,channel,purpose,text_version,captured_at,captured_by,source,proof_ref,given_name';
const row = (index: number, proof = 'p') =>
  `reader${index}@example.org,email,product-news,product-news/email/de@1.0,2026-03-01,CRM,old,${proof},Anna`;

describe.each(databases)('the rows of an import that waits, on %s', (name) => {
  let test: TestApp;
  let id: string;
  beforeEach(async () => {
    test = await openTestApp(name);
    id = newId();
    const lines = Array.from({ length: 150 }, (_, index) => row(index, index === 1 ? '' : 'p'));
    const file = Buffer.from([head, ...lines].join('\n'));
    await fileAtDesk(test.app, await aMember(test.app, 'agent'), { id, name: 'crm.csv', file });
    await runImport(test.app, id);
  });
  afterEach(() => test.close());

  it('are shown page by page, each with what becomes of it', async () => {
    const { app } = test;
    const legal = await aMember(app, 'legal');
    const here = await requireImport(app.db, id);
    const first = await reviewRows(app, legal, here, 1);
    expect(first).toMatchObject({ page: 1, pages: 2 });
    expect(first?.rows).toHaveLength(100);
    expect(first?.rows[1]).toMatchObject({
      line: 3,
      contactPoint: 'reader1@example.org',
      outcome: 'unusable',
      why: expect.stringContaining('proof_ref'),
      values: { given_name: 'Anna', source: 'old' },
    });
    const second = await reviewRows(app, legal, here, 2);
    expect(second?.rows.map(({ line }) => line)).toEqual(
      Array.from({ length: 50 }, (_, index) => 102 + index),
    );
    expect((await reviewRows(app, legal, here, 99))?.page).toBe(2);
  });

  it('hide who somebody is from those who only look, and are gone once the file is in', async () => {
    const { app } = test;
    const seen = await reviewRows(app, await aMember(app, 'auditor'), await requireImport(app.db, id), 1);
    expect(JSON.stringify(seen)).not.toMatch(/reader1@example|Anna/);
    const marketing = await aMember(app, 'marketing');
    await expect(reviewRows(app, marketing, await requireImport(app.db, id), 1)).rejects.toThrow(NotAllowed);
    const legal = await aMember(app, 'legal');
    await releaseImport(app, legal, id);
    await runImport(app, id);
    expect(await reviewRows(app, legal, await requireImport(app.db, id), 1)).toBeUndefined();
  });
});
