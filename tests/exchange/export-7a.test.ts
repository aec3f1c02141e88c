import Papa from 'papaparse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultOfPeriod } from '#src/exchange/export-7a.ts';
import { take7a } from '#src/exchange/take-export.ts';
import { NotAllowed } from '#src/staff/actor.ts';
import { aMember } from '#tests/staff/desk.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { databases } from '#tests/support/databases.ts';

const number = '+49 6181 123456';
const card = {
  ...{ contact_point: number, channel: 'phone', purpose: 'service-calls' },
  ...{ text_version: 'service-calls/phone/de@1.0', basis: 'consent', method: 'paper' },
  ...{ captured_at: '2026-10-01T08:00:00Z', captured_by: 'Ari Agent' },
  person: { given_name: 'Carol', family_name: 'Kurz', street: 'Weg 1', postal_code: '63452', city: 'Hanau' },
  evidence: { signed_at: '2026-10-01', place: 'Hanau', scan_sha256: 'a'.repeat(64) },
};

describe.each(databases)('the export of § 7a UWG on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name);
  });
  afterEach(() => test.close());

  async function rowsOf(from: string, to: string): Promise<Record<string, string>[]> {
    const legal = await aMember(test.app, 'legal', `lea-${from}@example.org`);
    let text = '';
    for await (const line of await take7a(test.app, legal, { from, to, reason: 'BNetzA 12-34' }))
      text += line;
    expect(text.startsWith('\uFEFFErlaubnis;')).toBe(true);
    const { data, errors } = Papa.parse<Record<string, string>>(text.slice(1), {
      header: true,
      skipEmptyLines: true,
    });
    expect(errors).toEqual([]);
    return data;
  }
  async function took(path: string, body: unknown) {
    const { status, body: answer } = await test.call(path, body);
    expect([status, answer]).toEqual([expect.toBeOneOf([200, 201]), answer]);
  }
  const uses = (...days: string[]) =>
    took(
      '/uses',
      days.map((day) => ({
        ...{ contact_point: number, purpose: 'service-calls', channel: 'phone' },
        ...{ used_at: `${day}T10:00:00Z`, campaign: 'autumn' },
      })),
    );

  it('says who agreed to which words, when and how, each use, and for how long it is kept', async () => {
    await took('/consents', card);
    await uses('2026-10-05', '2026-10-20');
    const [row, ...more] = await rowsOf('2026-10-01', '2026-10-10');
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      ...{ Vorname: 'Carol', Nachname: 'Kurz', Straße: 'Weg 1', Postleitzahl: '63452', Ort: 'Hanau' },
      'Werbendes Unternehmen': 'Muster Werkzeuge GmbH',
      Textfassung: 'service-calls/phone/de@1.0',
      'Einwilligung erteilt': '01.10.2026, 10:00:00 MESZ',
      'Art der Erteilung': 'unterschriebenes Formular',
      'Aufgenommen von': 'Ari Agent',
      'SHA-256 des Scans oder der Aufzeichnung': 'a'.repeat(64),
      'Anzahl der Verwendungen': '1',
      'Zeitpunkte der Verwendung (Kampagne)': '05.10.2026, 12:00:00 MESZ (autumn)',
      // Five years from the last use, also from one after the period.
      'Aufzubewahren bis': '20.10.2031, 12:00:00 MESZ',
      Beendet: '',
    });
    expect(row?.['Wortlaut der Einwilligung']).toMatch(/./);
    expect(row?.Rufnummer).toContain('6181');
  });

  it('has what was given, used or ended in the period, and nothing else', async () => {
    await took('/consents', card);
    await uses('2026-10-20');
    await took('/withdrawals', { contact_point: number, how: 'by phone' });
    const ended = test.app.now().toISOString().slice(0, 10);
    expect(await rowsOf('2026-10-02', '2026-10-19')).toEqual([]);
    expect(await rowsOf('2026-10-20', '2026-10-20')).toHaveLength(1);
    expect(await rowsOf(ended, ended)).toMatchObject([{ 'Art der Beendigung': 'Widerruf' }]);
  });

  it('has no consent of a business, none to e-mail, and no presumed interest', async () => {
    await took('/consents', { ...card, audience: 'business' });
    expect(await rowsOf('2026-01-01', '2026-12-31')).toEqual([]);
  });

  it('is for legal, administration and audit, and is written down with its reason', async () => {
    const agent = await aMember(test.app, 'agent', 'ada@example.org');
    const period = { from: '2026-10-01', to: '2026-10-10', reason: 'BNetzA 12-34' };
    await expect(take7a(test.app, agent, period)).rejects.toThrow(NotAllowed);
    await rowsOf('2026-10-01', '2026-10-10');
    const entry = await test.app.db
      .selectFrom('audit_entries')
      .select('details')
      .where('subject', '=', 'export:7a')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(entry.details)).toEqual(period);
  });

  it.each([
    ['2026-10-01', '2026-10-01', undefined],
    ['2026-10-02', '2026-10-01', 'ends_before_it_begins'],
    ['2026-02-30', '2026-10-01', 'no_day'],
    ['', '2026-10-01', 'no_day'],
  ])('of %s to %s', (from, to, fault) => {
    expect(faultOfPeriod({ from, to })).toBe(fault);
  });
});
