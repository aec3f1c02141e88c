import { describe, expect, it } from 'vitest';
import { demoPurposes } from '#db/demo/demo-data.ts';
import type { CheckInput, RuleLanguage } from '#src/consent-texts/wording-check/check-input.ts';
import { checkWording } from '#src/consent-texts/wording-check/check-wording.ts';
import { rules, rulesVersion } from '#src/consent-texts/wording-check/rules.ts';
import { badClauses, type Clause, goodClauses } from './clauses.ts';
import { heldOutClauses } from './held-out-clauses.ts';
import { moreClauses } from './more-clauses.ts';
import { referenceTexts } from './reference-texts.ts';

const locales: RuleLanguage[] = ['de', 'en'];
const rulesIn = (input: CheckInput) => [...new Set(checkWording(input).map(({ rule }) => rule))];
const errorsIn = (input: CheckInput) =>
  [
    ...new Set(
      checkWording(input)
        .filter((one) => one.severity === 'error')
        .map(({ rule }) => rule),
    ),
  ].sort();

// These examples describe a form, a length or a second text; they stand below as what they describe.
const describesSomethingElse = ['W31', 'W43'];

const examples = (side: 'bad' | 'good') =>
  rules
    .filter(({ id }) => !describesSomethingElse.includes(id))
    .flatMap(({ id, examples, goodByMetadata }) =>
      locales.flatMap((locale) =>
        examples[locale][side]
          .filter(() => side === 'bad' || !goodByMetadata)
          .map((wording) => [id, locale, wording] as const),
      ),
    );

describe('the catalogue', () => {
  it('holds 43 rules for wordings, four for disguises, seven for notices, each with words for staff in both languages', () => {
    expect(rules.filter(({ id }) => id.startsWith('W'))).toHaveLength(43);
    expect(rules.filter(({ id }) => id.startsWith('T'))).toHaveLength(4);
    expect(rules.filter(({ id }) => id.startsWith('N'))).toHaveLength(7);
    for (const { title, advice, law, status } of rules) {
      expect([title, advice, law].flatMap(({ de, en }) => [de, en]).every((words) => words.length > 4)).toBe(
        true,
      );
      expect(status).toMatch(/^(?:V2?|U|R)(?:\/(?:V2?|U|R))*$/);
    }
    expect(rulesVersion).toMatch(/^[\da-f]{12}$/);
  });

  const kindOf = (id: string) => (id.startsWith('N') ? 'notice' : 'consent');

  it.each(examples('bad'))('%s finds fault, in %s, with: %s', (id, locale, wording) => {
    expect(rulesIn({ locale, wording, kind: kindOf(id) })).toContain(id);
  });

  it.each(examples('good'))('%s has nothing, in %s, against: %s', (id, locale, wording) => {
    expect(rulesIn({ locale, wording, kind: kindOf(id) })).not.toContain(id);
  });

  it('W31 counts words, long sentences and reading ease', () => {
    const sentence = `${'Wort '.repeat(59)}Ende.`;
    expect(checkWording({ locale: 'de', wording: sentence })).toContainEqual(
      expect.objectContaining({
        rule: 'W31',
        severity: 'warn',
        message: 'Ein Satz mit 60 Wörtern; die Grenze ist 25.',
      }),
    );
    const heavy =
      'Produktinformationsveranstaltungen verantwortungsbewusster Unternehmensorganisationen erfordern unterschriebene Einwilligungserklärungen sämtlicher Veranstaltungsteilnehmerinnen beziehungsweise Ansprechpartnerinnen deutschlandweit.';
    expect(
      checkWording({ locale: 'de', wording: heavy })
        .map(({ message }) => message)
        .join(),
    ).toMatch(/Lesbarkeit nach Flesch-Amstad -?\d+; die Grenze ist 40/);
    const plain =
      'Was darf wer? Wie widerrufe ich? Das ist kurz und gut. Das kann ich gut lesen. Es ist leicht.';
    expect(rulesIn({ locale: 'de', wording: plain })).not.toContain('W31');
  });

  it('W35 lets a named disclosure pass when that is the purpose', () => {
    const wording = 'Ja, die Muster GmbH darf meine E-Mail-Adresse an die Beispiel AG, Köln, weitergeben.';
    const named = { recipients: [{ name: 'Beispiel AG', place: 'Köln' }] };
    expect(rulesIn({ locale: 'de', wording })).toContain('W35');
    expect(rulesIn({ locale: 'de', wording, ...named })).not.toContain('W35');
    expect(rulesIn({ locale: 'de', wording, recipients: [{ name: 'Fremde AG' }] })).toContain('W35');
  });

  it.each([
    ['monatlich', 'weekly'],
    ['per E-Mail', 'by e-mail or phone'],
    ['über 3 Seminare', 'about 5 seminars'],
    ['der Beispiel AG', 'of somebody'],
    ['unbefristet', 'until I withdraw'],
  ])('W43 finds that "%s" and "%s" drifted apart', (german, english) => {
    const input = { locale: 'de' as const, wording: `Ja, ${german}.` };
    expect(rulesIn({ ...input, otherLocales: [{ locale: 'en', wording: `Yes, ${english}.` }] })).toContain(
      'W43',
    );
  });
});

describe.each(referenceTexts)('the reference text $name', ({ locale, wording, channel, frequency }) => {
  const company = { controllers: [{ name: 'Muster GmbH' }], channels: [channel] };

  it.each([
    ['nothing', {}],
    ['its channel', { channels: [channel] }],
    ['channel and company', company],
    ['channel, company and a term', { ...company, terms: ['CRM-Software'] }],
    ['everything', { ...company, terms: ['CRM-Software', 'Seminare'], frequency }],
  ])('has no error when %s is known', (_, facts) => {
    expect(errorsIn({ locale, wording, ...facts })).toEqual([]);
  });

  it('is clean under all text and absent rules', () => {
    const kinds = rules.filter(({ kind }) => kind === 'text' || kind === 'absent').map(({ id }) => id);
    const found = rulesIn({ locale, wording, ...company }).filter((id) => kinds.includes(id));
    expect(found).toEqual(frequency ? [] : ['W29']);
  });
});

describe('clauses from our own reading of the law', () => {
  it.each(goodClauses)('has no error: $name', ({ input, also = [] }) => {
    expect(errorsIn(input)).toEqual([]);
    expect(rulesIn(input)).toEqual(expect.arrayContaining(also));
  });

  it.each(badClauses)('$errors: $name', ({ input, errors, also = [] }) => {
    expect(errorsIn(input)).toEqual([...errors].sort());
    expect(rulesIn(input)).toEqual(expect.arrayContaining(also));
  });
});

describe.each([
  ['clauses that were learnt from', moreClauses],
  ['clauses that the rules had never seen', heldOutClauses],
])('%s', (_, clauses: Omit<Clause, 'name'>[]) => {
  it.each(clauses)('$errors: $input.wording', ({ input, errors, also = [] }) => {
    expect(errorsIn(input)).toEqual([...errors].sort());
    expect(rulesIn(input)).toEqual(expect.arrayContaining(also));
  });
});

describe('W10 takes no other company for the one that asks', () => {
  it.each([
    ['Ja, die Muster GmbH, Hanau,', []],
    ['Ja, die Firma Muster GmbH', []],
    ['Ja, die Muster GmbH und ihre Beraterin', []],
    ['Ja, die Muster GmbH & Co. KG', ['W10']],
    ['Ja, die Muster GmbH Vertrieb AG', ['W10']],
    ['Ja, die Neue Muster GmbH', ['W10']],
    ['Ja, die Ober-Muster GmbH', ['W10']],
    ['Ja, die Mitmuster GmbH', ['W10']],
    ['Ja, die Muster GmbH & Co. KG und die Muster GmbH', []],
  ])('%s', (asker, expected) => {
    const wording = `${asker} darf mir per E-Mail Werbung für Seminare schicken.`;
    const found = errorsIn({ locale: 'de', wording, controllers: [{ name: 'Muster GmbH' }] });
    expect(found.filter((id) => id === 'W10')).toEqual(expected);
  });
});

describe('W43 on the demo', () => {
  const texts = demoPurposes.flatMap(({ key, texts }) =>
    Object.entries(texts).map(([channel, words]) => ({ name: `${key}/${channel}`, channel, words })),
  );

  it.each(texts)('finds no drift between the languages of $name', ({ channel, words }) => {
    for (const [locale, other] of [
      ['de', 'en'],
      ['en', 'de'],
    ] as const) {
      const otherLocales = [{ locale: other, wording: words[other] ?? '' }];
      const found = rulesIn({
        locale,
        wording: words[locale] ?? '',
        channels: [channel as 'email'],
        otherLocales,
      });
      expect(found).not.toContain('W43');
    }
  });
});
