import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideCells } from '#src/decisions/decide-cells.ts';
import type { Jurisdiction } from '#src/decisions/facts.ts';
import { captureSchema } from '#src/permissions/capture.ts';
import { captureConsent } from '#src/permissions/capture-consent.ts';
import { lookUpAddress } from '#src/permissions/look-up-address.ts';
import { findAtDesk } from '#src/permissions/look-up-person.ts';
import { aMember } from '#tests/staff/desk.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const number = '+43 1 588800';
const presumed = captureSchema.parse({
  contact_point: number,
  channel: 'phone',
  purpose: 'service-calls',
  audience: 'business',
  basis: 'presumed',
  captured_at: '2026-11-02T08:00:00Z',
  captured_by: 'Ari Agent',
  evidence: {
    reason_code: 'handed_over_card',
    facts: 'Handed over her card at the fair in Wels and asked for a call about service.',
    subject_of_call: 'Service',
    product_line: 'Akkuschrauber',
  },
});

describe.each(databases)('the matrix of the desk on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  it('is decided by the law of the requested country', async () => {
    const { app } = test;
    const by = { origin: 'api', actor: 'key' } as const;
    await app.db.transaction().execute((tx) => captureConsent(tx, app, presumed, by));
    const agent = await aMember(app, 'agent');
    const found = await lookUpAddress(app, agent, number, 'phone');
    const [id = ''] = found.outcome === 'found' ? found.contactPointIds : [];
    const person = await findAtDesk(app, agent, id, 'de');
    expect(person?.country).toBe('AT');
    const judged = async (jurisdiction: Jurisdiction) => {
      const cells = await decideCells(app, person?.cells ?? [], 'business', jurisdiction);
      const calls = cells.find(({ purpose, channel }) => purpose === 'service-calls' && channel === 'phone');
      return [calls?.decision?.allowed, calls?.decision?.law[0]];
    };
    expect(await judged('DE')).toEqual([true, expect.stringContaining('UWG')]);
    expect(await judged('AT')).toEqual([false, expect.stringContaining('TKG')]);
    expect(await judged('CH')).toEqual([false, expect.anything()]);
  });
});
