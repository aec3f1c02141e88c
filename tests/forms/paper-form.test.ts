import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findForm } from '#src/forms/find-form.ts';
import { paperForm } from '#src/forms/paper-form.ts';
import { paperPdf } from '#src/forms/paper-pdf.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';

describe('the paper form', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp('sqlite');
  });
  afterEach(() => test.close());

  const paperOf = async (key: string, locale: 'de' | 'en') => {
    const form = await findForm(test.app.db, key);
    if (!form) throw new Error(key);
    return { form, paper: paperForm(form.version, locale, 'https://consent.example.org') };
  };

  it('has a box with the very words for each purpose and channel, and room for what they need', async () => {
    const { form, paper } = await paperOf('fair', 'en');
    const { consents } = form.version.definition;
    const boxes = paper.groups.flatMap((group) => group.boxes);
    expect(boxes.map(({ wording }) => wording)).toEqual(consents.map(({ texts }) => texts.en?.wording));
    expect(paper.lines.map(({ label }) => label)).toEqual([
      'First name',
      'Last name',
      'Company',
      'E-mail address',
      'Phone number',
      'Street and number',
      'Postal code',
      'City',
    ]);
    const simple = (await paperOf('newsletter', 'de')).paper;
    expect(simple.lines.map(({ label }) => label)).toEqual(['Vorname', 'Nachname', 'E-Mail-Adresse']);
    expect(simple.groups.at(-1)?.thirdParties).toEqual(['Beispiel Versicherung AG, Köln (Versicherungen)']);
  });

  it('names its version, and leads whoever captures it to these texts', async () => {
    const { form, paper } = await paperOf('fair', 'de');
    expect(paper.version).toContain(form.version.sha256.slice(0, 16));
    expect(paper.captureUrl).toBe(
      `https://consent.example.org/staff/permissions/capture/paper?form_version=${form.version.id}&paper=de`,
    );
  });

  it('is a PDF of one sheet at most', async () => {
    for (const [key, pages] of [
      ['newsletter', 1],
      ['fair', 2],
    ] as const) {
      const pdf = (await paperPdf((await paperOf(key, 'de')).paper)).toString('latin1');
      expect(pdf.startsWith('%PDF-')).toBe(true);
      expect(pdf.match(/\/Type \/Page\b/g), key).toHaveLength(pages);
    }
  });
});
