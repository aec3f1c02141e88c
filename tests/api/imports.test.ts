import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLedger } from '#src/ledger/verify.ts';
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

  it('refuses a file whose columns it does not know', async () => {
    const file = 'email\na@example.org';
    const { status } = await test.call('/imports', file, { 'Content-Type': 'text/csv' });
    expect(status).toBe(422);
  });
});
