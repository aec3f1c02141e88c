import { describe, expect, it } from 'vitest';
import type { CheckInput } from '#src/consent-texts/wording-check/check-input.ts';
import { checkWording } from '#src/consent-texts/wording-check/check-wording.ts';
import { frequencyIn, parseFrequency } from '#src/consent-texts/wording-check/frequency.ts';
import { readCatalogue } from '#src/i18n/catalogue.ts';
import { referenceTexts } from './reference-texts.ts';

const reference = referenceTexts[0]?.wording ?? '';

/** What the facts add to a text that has no fault of its own. */
function found(facts: Partial<CheckInput>): string[] {
  const input: CheckInput = { locale: 'de', wording: reference, channels: ['email'], reader: 'en', ...facts };
  return checkWording(input).map(({ rule, severity, message }) => `${rule} ${severity}: ${message}`);
}

describe('checkWording compares the words with form and purpose', () => {
  it('is silent about a clean text', () => {
    expect(found({})).toEqual([]);
  });

  it('W03 warns from two companies on and refuses more than eight', () => {
    const companies = (count: number) => Array.from({ length: count }, () => ({ name: 'Muster GmbH' }));
    const severity = (count: number) =>
      found({ controllers: companies(count) }).filter((one) => one.startsWith('W03'));
    expect(severity(1)).toEqual([]);
    expect(severity(2)[0]).toMatch(/^W03 warn/);
    expect(severity(8)[0]).toMatch(/^W03 warn/);
    expect(severity(9)[0]).toMatch(/^W03 error: 9 companies in one box; the limit is 8/);
  });

  it('W09 wants exactly the channels of the box, and a field for each', () => {
    expect(found({ channels: ['sms'] })).toEqual([
      'W09 error: The text names e-mail, the box is not for it.',
      'W09 error: The channel SMS is not named in the text.',
      'W22 info: 2 channels in one box: SMS, e-mail.',
    ]);
    expect(found({ form: { purposeCount: 1, fields: [{ name: 'phone' }] } })).toContain(
      'W09 error: The form has no field for the channel e-mail.',
    );
  });

  it('W10 wants the legal name to the letter and hints at the place', () => {
    expect(found({ controllers: [{ name: 'Muster Gmbh' }] })).toEqual([
      'W10 error: Muster Gmbh is not in the text, word for word.',
    ]);
    expect(found({ controllers: [{ name: 'Muster GmbH', place: 'Kassel' }] })).toEqual([
      'W10 info: The place Kassel is not in the text; it must stand in the notice at least.',
    ]);
  });

  it('W11 knows the terms with their endings', () => {
    expect(found({ terms: ['Seminar'] })).toEqual([]);
    expect(found({ terms: ['crm software'] })).toEqual([]);
    expect(found({ terms: ['Akkuschrauber'] })).toEqual([
      'W11 error: None of the terms of the purpose is in the text (Akkuschrauber).',
    ]);
  });

  it('W15 only hints when the form is for nothing else and its button says so', () => {
    const wording = `Mit der Anmeldung willige ich ein: ${reference}`;
    const form = { purposeCount: 1 };
    expect(found({ wording })[0]).toMatch(/^W15 error/);
    const hints = found({ wording, form, button: 'Newsletter abonnieren' });
    expect(hints.filter((one) => one.startsWith('W15'))).toEqual([expect.stringMatching(/^W15 info/)]);
    expect(found({ wording, form, button: 'Weiter' })[0]).toMatch(/^W15 error/);
  });

  it.each([
    { kind: 'checkbox', checked: true },
    { kind: 'toggle', value: true },
    { kind: 'hidden', value: 'true' },
    { kind: 'radio', value: 'ja' },
  ] as const)('W17 refuses the preset control %o', (control) => {
    expect(found({ form: { controls: [{ name: 'consent', ...control }] } })).toEqual([
      'W17 error: The control consent is preset.',
    ]);
  });

  it('W17 takes an empty box that sends its value when it is ticked', () => {
    expect(found({ form: { controls: [{ name: 'consent', kind: 'checkbox', value: 'true' }] } })).toEqual([]);
  });

  it('W18 lets the one purpose of a form be required', () => {
    const controls = [{ name: 'consent', kind: 'checkbox', required: true } as const];
    expect(found({ form: { purposeCount: 1, controls } })).toEqual([]);
    expect(found({ form: { purposeCount: 2, controls } })[0]).toMatch(/^W18 error/);
  });

  it('W21, W22 and W23 count purposes, channels and companies', () => {
    expect(found({ purposes: [{ key: 'a' }, { key: 'b' }] })).toEqual(['W21 error: 2 purposes in one box.']);
    expect(found({ channels: ['email', 'sms'] })).toContain('W22 info: 2 channels in one box: e-mail, SMS.');
    expect(found({ controllers: [{ name: 'Muster GmbH' }, { name: 'Muster GmbH' }] })).toContain(
      'W23 warn: 2 companies, but only one box.',
    );
  });

  it('W24 is an error beside too many companies, beside minors, and when nothing is said openly', () => {
    const draw = (words: string) =>
      found({ wording: `${reference} ${words}` }).filter((one) => one.includes('W24'));
    expect(draw('Zum Gewinnspiel.')[0]).toMatch(/^W24 error/);
    expect(draw('Die Teilnahme am Gewinnspiel ist auch ohne Einwilligung möglich.')[0]).toMatch(/^W24 warn/);
    expect(draw('Die Teilnahme am Gewinnspiel ist ab 12 Jahren auch ohne Einwilligung möglich.')[0]).toBe(
      'W24 error: “Gewinnspiel”: prize-draw coupling, together with W25.',
    );
  });

  it('W25 asks for the parents below sixteen, in Austria below fourteen', () => {
    expect(found({ minAge: 16 })).toEqual([]);
    expect(found({ minAge: 15 })[0]).toMatch(/^W25 error/);
    expect(found({ minAge: 15, jurisdiction: 'AT' })).toEqual([]);
    expect(found({ wording: reference.replace('Seminare', 'Kinderwagen'), terms: ['Kinderwagen'] })).toEqual(
      [],
    );
  });

  it('W26 wants a consent of its own for what is measured', () => {
    const silent =
      'W26 error: Opening or clicking is analysed, the text does not say so, and there is no consent of its own for it.';
    expect(found({ tracking: { clicks: true } })).toEqual([silent]);
    expect(found({ tracking: { clicks: true, ownConsent: true } })).toEqual([]);
    expect(found({ purposes: [{ key: 'insights', kind: 'tracking' }] })[0]).toMatch(/^W26 error/);
  });

  it('W12 wants the way out beside the right, not the channel of the contact', () => {
    const wording = `${reference.split('Ich kann')[0]}Ich kann das jederzeit widerrufen. Mehr steht in den Datenschutzhinweisen.`;
    expect(found({ wording })).toEqual(['W12 warn: The text does not say which way one can withdraw.']);
  });

  it('W28 wants fields that the notice names and that the channel needs', () => {
    const fields = [
      { name: 'email', required: true },
      { name: 'company', required: true, inNotice: false },
    ];
    expect(found({ form: { fields } })).toEqual([
      'W28 warn: The field company is not in the privacy notice.',
      'W28 warn: The field company is required although the channel does not need it.',
    ]);
  });

  it('W29 compares the frequency in the text with the promised one', () => {
    expect(found({ frequency: { times: 2, per: 'month' } })).toEqual([]);
    expect(found({ frequency: { times: 1, per: 'fortnight' } })).toEqual([]);
    expect(found({ frequency: { times: 1, per: 'week' } })).toEqual([
      'W29 error: The text says “zweimal im Monat”, the purpose 1 time a week.',
    ]);
  });

  it('W30 wants one word for one thing', () => {
    expect(found({ heading: 'Newsletter der Muster GmbH' })).toEqual([]);
    expect(found({ heading: 'Angebote der Muster GmbH' })[0]).toMatch(/^W30 warn/);
    expect(found({ otherPlaces: ['Sie bekommen jetzt unsere Informationen.'] })[0]).toMatch(/^W30 error/);
    expect(found({ title: 'Neuigkeiten der Muster GmbH' })).toEqual([]);
    expect(found({ title: 'Angebote der Muster GmbH' })).toEqual([
      'W30 warn: In the title of the purpose it is “offers”, in the text “newsletter, advertising”.',
    ]);
    const wording = reference.replace('Newsletter', 'Post mit Werbung');
    expect(
      found({ wording, title: 'Angebote der Muster GmbH' }).filter((one) => one.startsWith('W30')),
    ).toEqual([]);
    expect(
      found({ wording, title: 'Infos der Muster GmbH' }).filter((one) => one.startsWith('W30')),
    ).toHaveLength(1);
  });

  it('W38 takes a link in the form for a link in the text', () => {
    const wording = reference.replace(' Mehr steht in den Datenschutzhinweisen.', '');
    expect(found({ wording, form: {} })[0]).toMatch(/^W38 error/);
    expect(found({ wording, form: { linksPrivacyNotice: true } })).toEqual([]);
    expect(found({ wording, hint: 'Siehe Datenschutzhinweise.' })).toEqual([]);
  });

  it('W38 is a hint for a clause by itself, because its form may say it, and W42 is not asked for', () => {
    const wording = reference
      .replace(' Mehr steht in den Datenschutzhinweisen.', '')
      .replace('Das ist freiwillig. ', '');
    expect(found({ wording })).toEqual(['W38 info: Privacy notice link missing.']);
  });

  it('names what is said before what is missing', () => {
    const marked = checkWording({ locale: 'de', wording: 'Werbung von uns und unseren Partnern.' });
    const isSaid = marked.map(({ start, end }) => end > start);
    expect(isSaid).toContain(true);
    expect(isSaid).toContain(false);
    expect(isSaid).toEqual(isSaid.toSorted((a, b) => Number(b) - Number(a)));
  });

  it('W41 lists what the form lacks for calls to consumers', () => {
    const wording = referenceTexts[2]?.wording ?? '';
    const call = {
      wording,
      channels: ['phone'] as ['phone'],
      form: { fields: [{ name: 'phone' }, { name: 'city' }] },
    };
    expect(found(call)).toEqual([
      'W41 error: For calls to consumers the form lacks: given_name, family_name, street, postal_code.',
    ]);
    expect(found({ ...call, audience: 'business' })).toEqual([]);
  });

  it('W42 asks only a form that mixes', () => {
    const wording = reference.replace('Das ist freiwillig. ', '');
    const mixed = ['W42 warn: Voluntary nature not stated (mixed forms).'];
    expect(found({ wording, form: { purposeCount: 2 } })).toEqual(mixed);
    expect(found({ wording, form: {}, heading: 'Bestellformular' })).toEqual(mixed);
    expect(found({ wording, form: {} })).toEqual([]);
    expect(found({ wording })).toEqual([]);
    expect(found({ wording, form: { purposeCount: 1 } })).toEqual([]);
  });

  it('says in German or English what is wrong, whatever the language of the text', () => {
    const [one] = checkWording({ locale: 'en', wording: 'Yes to our partners.', reader: 'de' });
    expect(one?.law).toMatch(/BGH VI ZR 721/);
    expect(one?.good).toMatch(/Muster GmbH/);
  });
});

describe('parseFrequency', () => {
  it.each([
    ['2/month', { times: 2, per: 'month' }],
    ['höchstens zweimal im Monat', { times: 2, per: 'month' }],
    ['bis zu vier E-Mails pro Woche', { times: 4, per: 'week' }],
    ['alle zwei Monate', { times: 6, per: 'year' }],
    ['vierteljährlich', { times: 1, per: 'quarter' }],
    ['14-täglich', { times: 1, per: 'fortnight' }],
    ['at most three times a year', { times: 3, per: 'year' }],
    ['every week', { times: 1, per: 'week' }],
    ['wöchentlich bis zu drei E-Mails', { times: 3, per: 'week' }],
    ['einmal im Halbjahr', { times: 1, per: 'half_year' }],
    ['zweimal im Kalendermonat', { times: 2, per: 'month' }],
    ['jede zweite Woche', { times: 26, per: 'year' }],
    ['weekly, up to two e-mails', { times: 2, per: 'week' }],
    ['every other week', { times: 26, per: 'year' }],
  ])('reads "%s"', (words, frequency) => {
    expect(parseFrequency(words)).toEqual(frequency);
  });

  it('knows when it does not understand', () => {
    expect(parseFrequency('ab und zu')).toBeUndefined();
    expect(parseFrequency('0/month')).toBeUndefined();
    expect(frequencyIn('regelmäßig', 'de')).toBeUndefined();
  });
});

describe('the words of our own pages', () => {
  it.each([
    ['de', readCatalogue('de')],
    ['en', readCatalogue('en')],
  ] as const)('neither hinder a withdrawal nor press anybody (%s)', (locale, words) => {
    const pressing = [...words].flatMap(([key, wording]) =>
      checkWording({ locale, wording })
        .filter(({ rule }) => rule === 'W13' || rule === 'W32')
        .map(({ rule, message }) => `${key}: ${rule} ${message}`),
    );
    expect(pressing).toEqual([]);
  });
});
