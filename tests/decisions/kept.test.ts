import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findKeptDecision } from '#src/decisions/kept/find-kept.ts';
import { forgetOldDecisions } from '#src/decisions/kept/forget-old.ts';
import { flushDecisions } from '#src/decisions/kept/keeper.ts';
import { unpackCalls } from '#src/decisions/kept/pack.ts';
import { sealBatches } from '#src/decisions/kept/seal-batches.ts';
import { demoKey } from '#src/exchange/api-keys.ts';
import { catchUp } from '#src/log/catch-up.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('the answers of decisions on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name);
  });
  afterEach(() => test.close());

  async function ask(contactPoints: string[], more: object = {}): Promise<Record<string, unknown>[]> {
    const asked = { purpose: 'product-news', channel: 'email', contact_points: contactPoints, ...more };
    const { status, body } = await test.call('/decisions', asked);
    expect(status).toBe(200);
    return body.decisions as Record<string, unknown>[];
  }
  const find = (id: unknown) => findKeptDecision(test.app.db, String(id));
  async function seal() {
    await flushDecisions(test.app);
    test.pass({ hours: 1 });
    await sealBatches(test.app);
    await catchUp(test.app);
  }

  it('have an id each, and are found under it: who asked, and what was said', async () => {
    const given = await ask(['anna@example.org', 'no address', 'bob@example.org'], {
      controller: 'muster-werkzeuge',
    });
    expect(new Set(given.map(({ decision_id }) => decision_id)).size).toBe(3);
    await flushDecisions(test.app);
    const key = await test.app.db.selectFrom('api_keys').select('id').executeTakeFirstOrThrow();
    const hashes = ['anna@example.org', null, 'bob@example.org'].map(
      (address) => address && lookupHash(test.app.keys, 'email', address),
    );
    for (const [index, answer] of given.entries()) {
      const { decision_id: id, ...said } = answer;
      expect(await find(id)).toEqual({
        askedBy: `key:${key.id}`,
        at: test.app.now().toISOString(),
        question: expect.objectContaining({ purpose: 'product-news', controller: 'muster-werkzeuge' }),
        answer: { ...said, id, contact_point: hashes[index] },
        proof: 'waiting',
        logIndex: null,
      });
    }
  });

  it('are proved by the log once their minute is over, and not when they were changed', async () => {
    const [one] = await ask(['anna@example.org']);
    await ask(['bob@example.org', 'carol@example.org']);
    await seal();
    expect(await find(one?.decision_id)).toMatchObject({ proof: 'proved', logIndex: expect.any(Number) });
    const root = await test.app.db.selectFrom('decision_roots').selectAll().executeTakeFirstOrThrow();
    expect(root).toMatchObject({ calls: 2, answers: 3 });
    await test.app.db
      .updateTable('decision_batches')
      .set({ root: '0'.repeat(64) })
      .execute();
    expect(await find(one?.decision_id)).toMatchObject({ proof: 'changed' });
  });

  it('name no address in clear', async () => {
    await ask(['anna@example.org']);
    await flushDecisions(test.app);
    const batch = await test.app.db.selectFrom('decision_batches').selectAll().executeTakeFirstOrThrow();
    expect((await unpackCalls(batch.content)).join('\n')).not.toContain('anna');
  });

  it('are kept for a file as one record, with the hashes of what came and went', async () => {
    const table = 'contact_point\nanna@example.org\nbob@example.org\n';
    const response = await fetch(`${test.url}/api/v1/decisions/stream?purpose=product-news&channel=email`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${demoKey}`, 'Content-Type': 'text/csv' },
      body: table,
    });
    const text = await response.text();
    await flushDecisions(test.app);
    const sha256 = (bytes: string) => createHash('sha256').update(bytes).digest('hex');
    expect(await find(response.headers.get('decision-id'))).toMatchObject({
      question: { purpose: 'product-news' },
      answer: {
        ...{ rows: 2, complete: true, reasons: { no_permission: 2 } },
        ...{ input_sha256: sha256(table), output_sha256: sha256(text) },
      },
    });
  });

  it('are deleted when their term is over, and their roots stay', async () => {
    const [one] = await ask(['anna@example.org']);
    await seal();
    test.pass({ days: 3 * 366 });
    expect(await forgetOldDecisions(test.app)).toEqual({ batches: 0 });
    test.pass({ days: 366 });
    expect(await forgetOldDecisions(test.app)).toEqual({ batches: 1 });
    expect(await find(one?.decision_id)).toBeUndefined();
    expect(await test.app.db.selectFrom('decision_roots').select('id').execute()).toHaveLength(1);
  });

  it('are not there for an id that nobody got', async () => {
    for (const id of ['dec_000000000000-1', 'dec_x', '', 'per_1']) expect(await find(id)).toBeUndefined();
  });
});
