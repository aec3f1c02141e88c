import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fillCountries } from '#src/jobs/fill-countries.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('the country whose law applies on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name);
  });
  afterEach(() => test.close());

  async function decided(channel: string, contactPoints: string[], more: object = {}) {
    const asked = { purpose: 'product-news', channel, contact_points: contactPoints, ...more };
    const { status, body } = await test.call('/decisions', asked);
    expect(status).toBe(200);
    return body.decisions as { jurisdiction: string; rules_version: string; law: string[] }[];
  }
  const countriesOf = async (channel: string, contactPoints: string[], more: object = {}) =>
    (await decided(channel, contactPoints, more)).map(({ jurisdiction }) => jurisdiction);

  async function capture(contactPoint: string, channel: string, person: object) {
    const { status, body } = await test.call('/consents', {
      ...{ contact_point: contactPoint, channel, purpose: 'product-news', basis: 'consent', person },
      ...{ text_version: `product-news/${channel}/de@1.0`, method: 'import' },
      ...{ captured_at: '2026-10-01T08:00:00Z', captured_by: 'Ari' },
      evidence: { source: 'the old system', proof_ref: 'row 17' },
    });
    expect([status, body]).toMatchObject([201, {}]);
  }

  it('is that of the number', async () => {
    const numbers = ['+49 30 901820', '030 901820', '+43 1 5800', '+41 44 668 18 00', '+33 1 42 68 53 00'];
    const more = ['+31 20 555 1111', '+34 91 000 00 00', '+1 212 555 0100', '+800 1234 5678'];
    const expected = ['DE', 'DE', 'AT', 'CH', 'FR', 'NL', 'ES', 'US', 'DE'];
    expect(await countriesOf('phone', [...numbers, ...more])).toEqual(expected);
  });

  it('is that of the letter box', async () => {
    const letters = ['Anna\nWeg 1\n63452 Hanau', 'Anna\nWeg 1\n1010 Wien\nÖsterreich'];
    expect(await countriesOf('post', letters)).toEqual(['DE', 'AT']);
  });

  it('of a mailbox is the one that its owner told', async () => {
    await capture('anna@example.org', 'email', { country: 'Österreich' });
    await capture('berta@example.org', 'email', {});
    const all = ['anna@example.org', 'berta@example.org', 'stranger@example.at', 'no address'];
    expect(await countriesOf('email', all)).toEqual(['AT', 'DE', 'DE', 'DE']);
    await capture('berta@example.org', 'email', { country: 'CH' });
    expect(await countriesOf('email', all)).toEqual(['AT', 'CH', 'DE', 'DE']);
  });

  it('is the one that the question names, before any other', async () => {
    const [answer] = await decided('phone', ['+43 1 5800'], { jurisdiction: 'FR' });
    expect(answer).toMatchObject({ jurisdiction: 'FR', law: ['Art. L223-1 Code de la consommation'] });
    expect(answer?.rules_version).toMatch(/^fr@2026-08-11\.[0-9a-f]{8}$/);
    for (const jurisdiction of ['XX', 'fr', 'EU']) {
      const asked = { purpose: 'product-news', channel: 'phone', contact_points: ['1'], jurisdiction };
      expect((await test.call('/decisions', asked)).status).toBe(422);
    }
  });

  it('answers a question about a past day by the law of that day', async () => {
    const [answer] = await decided('phone', ['+33 1 42 68 53 00'], { at: '2026-08-10T12:00:00Z' });
    expect(answer?.rules_version).toMatch(/^fr@start\./);
    const [german] = await decided('email', ['anna@example.org'], { at: '2022-05-01T12:00:00Z' });
    expect(german).toMatchObject({ law: ['§ 7 Abs. 2 Nr. 3 UWG'] });
  });

  it('is filled in for mailboxes older than the column', async () => {
    await capture('anna@example.org', 'email', { country: 'AT' });
    await test.app.db.updateTable('contact_points').set({ country: '?' }).execute();
    expect(await countriesOf('email', ['anna@example.org'])).toEqual(['DE']);
    while ((await fillCountries(test.app)).filled > 0);
    expect(await countriesOf('email', ['anna@example.org'])).toEqual(['AT']);
  });
});
