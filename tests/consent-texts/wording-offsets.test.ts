import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalWording } from '#src/consent-texts/canonical-wording.ts';
import type { CheckInput, RuleLanguage } from '#src/consent-texts/wording-check/check-input.ts';
import { checkWording } from '#src/consent-texts/wording-check/check-wording.ts';
import { rules } from '#src/consent-texts/wording-check/rules.ts';

/** The words that a rule marks in the text as it was given. */
function marked(wording: string, rule: string, more: Partial<CheckInput> = {}): string[] {
  return checkWording({ locale: 'de', wording, ...more })
    .filter((one) => one.rule === rule && one.end > one.start)
    .map(({ start, end }) => wording.slice(start, end));
}

describe('a finding marks the words in the text as it was given', () => {
  it.each([
    ['plain', 'von uns und unseren Partnern zu erhalten', 'Partnern'],
    [
      'after a decomposed letter',
      'fu\u0308r uns und unsere Gescha\u0308ftspartner.',
      'Gescha\u0308ftspartner',
    ],
    [
      'after many spaces and lines',
      'von   uns\n\n\tund verbundene \n Unternehmen.',
      'verbundene \n Unternehmen',
    ],
    ['after Windows line ends', 'von uns\r\n\r\nund verbundene\r\nUnternehmen.', 'verbundene\r\nUnternehmen'],
    ['behind a flag and a family', '🇩🇪 👨‍👩‍👧 für Größe, Maß und Sponsoren', 'Sponsoren'],
    ['with soft hyphens', 'und un\u00adse\u00adre Part\u00adner.', 'Part\u00adner'],
    ['with a no-break space', 'und angeschlossene\u00a0Unternehmen.', 'angeschlossene\u00a0Unternehmen'],
    ['with markup inside', 'und <em>unsere</em> <b>Part</b>ner.', 'Part</b>ner'],
    ['with entities', 'f&uuml;r Gesch&auml;ftspartner da', 'Gesch&auml;ftspartner'],
    ['behind an emoji', '👩‍🚀👩‍🚀 und Sponsoren', 'Sponsoren'],
    ['with a zero-width space', 'und Spon\u200bsoren', 'Spon\u200bsoren'],
    ['with a Cyrillic letter', 'und P\u0430rtner', 'P\u0430rtner'],
    ['in full-width letters', 'und Ｐａｒｔｎｅｒ', 'Ｐａｒｔｎｅｒ'],
    ['in mathematical letters', 'und \u{1d5e3}artner', '\u{1d5e3}artner'],
  ])('%s', (_, wording, words) => {
    expect(marked(wording, 'W01')).toEqual([words]);
  });

  it('says which of the given texts it is about', () => {
    const findings = checkWording({
      locale: 'de',
      wording: 'Ja.',
      button: 'Nein danke, ich zahle lieber mehr',
    });
    expect(findings.find(({ rule }) => rule === 'W32')).toMatchObject({ field: 'button', start: 0 });
  });

  it('lists no place twice', () => {
    expect(marked('Teilnahme mit 57 Sponsoren', 'W03')).toEqual(['57 Sponsoren']);
  });
});

describe('what is hidden or disguised is an error of its own', () => {
  it.each([
    ['T01', '\u202e', 'U+202E'],
    ['T01', '\u2067', 'U+2067'],
    ['T02', '\u200b', 'U+200B'],
    ['T02', '\ufeff', 'U+FEFF'],
    ['T02', '\u2063', 'U+2063'],
    ['T02', '\u{e0041}', 'U+E0041'],
    ['T02', '\u0007', 'U+0007'],
    ['T02', '\u3164', 'U+3164'],
  ])('%s names the character %s', (rule, mark, code) => {
    const wording = `Ja, die ${mark}Muster GmbH`;
    const one = checkWording({ locale: 'de', wording }).find((finding) => finding.rule === rule);
    expect(one).toMatchObject({ severity: 'error', start: 8, end: 8 + mark.length });
    expect(one?.message).toContain(code);
  });

  it.each(['Му\u0441тер', 'P\u0430rtner', 'ｍｅｈｒ', 'g\u0336ratis'])('T03 finds %s', (word) => {
    expect(marked(`Ja, ${word} bitte`, 'T03').length).toBe(word === 'Му\u0441тер' ? 0 : 1);
  });

  it('leaves soft hyphens, emoji, whole words of another script and accents alone', () => {
    const wording = 'Ja, Da\u00adten 👩‍🚀 ❤️ Привет γλώσσα Café Søren Łódź naïve cafe\u0301';
    const ids = checkWording({ locale: 'de', wording }).map(({ rule }) => rule);
    expect(ids.filter((id) => id.startsWith('T'))).toEqual([]);
  });

  it('warns about markup and refuses what acts', () => {
    const severity = (wording: string) =>
      checkWording({ locale: 'de', wording }).find(({ rule }) => rule === 'T04')?.severity;
    expect(severity('Ja, die <b>Muster</b> GmbH')).toBe('warn');
    expect(severity('Ja <script>alert(1)</script>')).toBe('error');
    expect(severity('Ja <a onclick="x()">')).toBe('error');
    expect(severity('3 < 5 und 7 > 2')).toBeUndefined();
  });
});

describe('whatever the text', () => {
  const snippets = fc.constantFrom(
    ...rules.flatMap(({ examples }) => [...examples.de.bad, ...examples.en.bad, ...examples.de.good]),
    '\u202e',
    '\u200b',
    '\u00ad',
    '  ',
    '\n',
    '\u00a0',
    'fu\u0308r',
    'P\u0430rtner',
    '<b>',
    '</b>',
    '<',
    '&nbsp;',
    '&#9;',
    '☐',
    'per E-Mail',
    'weekly',
    'zweimal im Monat',
    'Muster GmbH',
  );
  const text = fc
    .array(fc.oneof(snippets, fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 20 })), {
      maxLength: 12,
    })
    .map((parts) => parts.join(' '));
  const input = fc.record({
    locale: fc.constantFrom<RuleLanguage>('de', 'en'),
    wording: text,
    channels: fc.subarray(['email', 'sms', 'phone', 'fax', 'post'] as const).map((channels) => [...channels]),
    controllers: fc.array(fc.record({ name: fc.constantFrom('Muster GmbH', 'Partner AG', '', ' ') }), {
      maxLength: 3,
    }),
    terms: fc.array(fc.string({ maxLength: 8 }), { maxLength: 3 }),
    hint: fc.option(text, { nil: undefined }),
    otherLocales: fc.array(fc.record({ locale: fc.constant<RuleLanguage>('en'), wording: text }), {
      maxLength: 1,
    }),
  });
  const summary = (wording: string, facts: CheckInput) =>
    [
      ...new Set(checkWording({ ...facts, wording }).map(({ rule, severity }) => `${rule} ${severity}`)),
    ].sort();

  it('answers, with offsets inside the text, and always the same', () => {
    fc.assert(
      fc.property(input, (facts) => {
        const findings = checkWording(facts);
        for (const { start, end, field, message } of findings) {
          const given = field === 'hint' ? (facts.hint ?? '') : facts.wording;
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(given.length);
          expect(message.length).toBeGreaterThan(5);
        }
        expect(checkWording(facts)).toEqual(findings);
      }),
      { numRuns: 300 },
    );
  });

  it('judges the canonical text as it judges the given one', () => {
    fc.assert(
      fc.property(input, (facts) => {
        expect(summary(canonicalWording(facts.wording), facts)).toEqual(summary(facts.wording, facts));
      }),
      { numRuns: 300 },
    );
  });
});
