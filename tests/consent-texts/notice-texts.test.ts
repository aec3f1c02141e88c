import { describe, expect, it } from 'vitest';
import type { Channel, RuleLanguage } from '#src/consent-texts/wording-check/check-input.ts';
import { checkWording } from '#src/consent-texts/wording-check/check-wording.ts';

function findings(locale: RuleLanguage, wording: string, channel: Channel = 'email') {
  const controllers = [{ name: 'Muster GmbH' }];
  return checkWording({ locale, wording, kind: 'notice', channels: [channel], controllers });
}

function errorsIn(locale: RuleLanguage, wording: string, channel?: Channel): string[] {
  const errors = findings(locale, wording, channel).filter(({ severity }) => severity === 'error');
  return [...new Set(errors.map(({ rule }) => rule))];
}

const outDe =
  'Sie können der Verwendung Ihrer E-Mail-Adresse für Werbung jederzeit widersprechen, ohne dass hierfür andere als die Übermittlungskosten nach den Basistarifen entstehen.';
const outEn =
  'You may object to the use of your e-mail address for advertising at any time, at no more than the base cost of transmission.';

describe('a notice to customers', () => {
  it.each([
    [
      'de',
      `Sie haben am 3. März bei der Muster GmbH Tee gekauft. Zu ähnlichen eigenen Waren schreiben wir Ihnen E-Mails, bis Sie widersprechen. ${outDe}`,
    ],
    [
      'de',
      `Die Muster GmbH verwendet die E-Mail-Adresse aus Ihrer Bestellung, um Sie per E-Mail über eigene ähnliche Produkte zu informieren (Werbung). ${outDe}`,
    ],
    [
      'de',
      `Sie haben am 3. März ein Konto bei der Muster GmbH eröffnet. Wir senden Ihnen E-Mails mit Werbung für unsere ähnlichen Dienstleistungen. ${outDe}`,
    ],
    [
      'de',
      'Die Muster GmbH schickt ihren Kunden E-Mails mit Werbung für eigene, ähnliche Waren wie die gekauften. Dem können Sie jederzeit kostenlos widersprechen, mit dem Link in jeder E-Mail oder formlos an info@muster.example.',
    ],
    [
      'en',
      `You bought tea from Muster GmbH on 3 March. We e-mail you about similar goods of our own until you object. ${outEn}`,
    ],
    [
      'en',
      `Muster GmbH uses the e-mail address from your order to send you e-mails about its own similar products (advertising). ${outEn}`,
    ],
    [
      'en',
      'As a customer of Muster GmbH you will get e-mails advertising our own similar services. You can object at any time free of charge, by the link in every e-mail or by a short message to info@muster.example.',
    ],
  ] as const)('has no error (%s): %s', (locale, wording) => {
    expect(errorsIn(locale, wording)).toEqual([]);
  });

  it.each([
    [
      'N01',
      'de',
      'Die Muster GmbH schickt Ihnen nach Ihrem Kauf jederzeit kostenlos E-Mails mit Werbung für eigene ähnliche Waren.',
    ],
    [
      'N02',
      'de',
      'Nach Ihrem Kauf schickt die Muster GmbH Ihnen E-Mails mit Werbung für eigene ähnliche Waren. Sie können dem kostenlos widersprechen.',
    ],
    [
      'N03',
      'de',
      'Nach Ihrem Kauf schickt die Muster GmbH Ihnen E-Mails mit Werbung für eigene ähnliche Waren. Sie können dem jederzeit widersprechen.',
    ],
    ['N04', 'de', `Nach Ihrem Kauf schickt die Muster GmbH Ihnen E-Mails mit Werbung für Tee. ${outDe}`],
    [
      'N04',
      'de',
      `Nach Ihrem Kauf schickt die Muster GmbH Ihnen E-Mails mit Werbung für eigene oder ähnliche Waren. ${outDe}`,
    ],
    [
      'N05',
      'de',
      `Sie haben bei Ihrem Kauf eingewilligt, E-Mails der Muster GmbH über eigene ähnliche Waren zu erhalten. ${outDe}`,
    ],
    [
      'N05',
      'de',
      `Ja, die Muster GmbH darf mir nach dem Kauf E-Mails über eigene ähnliche Waren schicken. ${outDe}`,
    ],
    [
      'N06',
      'de',
      `Nach Ihrem Kauf ruft die Muster GmbH Sie an, um Ihnen eigene ähnliche Waren vorzustellen. ${outDe}`,
    ],
    [
      'N06',
      'de',
      `Nach Ihrem Kauf schickt die Muster GmbH Ihnen E-Mails und Faxe mit Werbung für eigene ähnliche Waren. ${outDe}`,
    ],
    [
      'W01',
      'de',
      `Nach Ihrem Kauf schicken die Muster GmbH und ihre Partner Ihnen E-Mails mit Werbung für eigene ähnliche Waren. ${outDe}`,
    ],
    [
      'W13',
      'de',
      'Nach Ihrem Kauf schickt die Muster GmbH Ihnen E-Mails mit Werbung für eigene ähnliche Waren. Sie können dem jederzeit kostenlos widersprechen, aber nur schriftlich per Post; der Widerspruch ist nur schriftlich möglich.',
    ],
    [
      'N01',
      'en',
      'After your purchase Muster GmbH will send you e-mails about its own similar goods at any time, free of charge.',
    ],
    [
      'N02',
      'en',
      'After your purchase Muster GmbH will send you e-mails about its own similar goods. You may object free of charge.',
    ],
    [
      'N03',
      'en',
      'After your purchase Muster GmbH will send you e-mails about its own similar goods. You may object at any time.',
    ],
    ['N04', 'en', `After your purchase Muster GmbH will send you e-mails about tea. ${outEn}`],
    [
      'N04',
      'en',
      `After your purchase Muster GmbH will send you e-mails about its own or similar goods. ${outEn}`,
    ],
    [
      'N05',
      'en',
      `With your order you agreed to e-mails of Muster GmbH about its own similar goods. ${outEn}`,
    ],
    ['N06', 'en', `After your purchase Muster GmbH will call you about its own similar goods. ${outEn}`],
    [
      'W01',
      'en',
      `After your purchase Muster GmbH and its affiliates will send you e-mails about their own similar goods. ${outEn}`,
    ],
  ] as const)('%s finds fault (%s): %s', (rule, locale, wording) => {
    expect(errorsIn(locale, wording)).toContain(rule);
  });

  it('is not asked for what belongs to a consent, and a consent not for what belongs to a notice', () => {
    const notice = `Nach Ihrem Kauf schickt die Muster GmbH Ihnen E-Mails über eigene ähnliche Waren. ${outDe}`;
    const ids = (kind: 'consent' | 'notice') =>
      checkWording({ locale: 'de', wording: notice, kind }).map(({ rule }) => rule);
    expect(
      ids('notice').filter((id) => ['W09', 'W11', 'W12', 'W16', 'W29', 'W38', 'W40'].includes(id)),
    ).toEqual([]);
    expect(ids('consent').filter((id) => id.startsWith('N'))).toEqual([]);
    expect(ids('consent')).toContain('W40');
  });

  it('in a letter has to name the right to object, but no base cost', () => {
    const letter =
      'Die Muster GmbH wirbt bei Ihnen per Brief für Tee, weil sie daran ein berechtigtes Interesse hat.';
    expect(errorsIn('de', letter, 'post')).toEqual(['N01']);
    expect(errorsIn('de', `${letter} Dem können Sie widersprechen.`, 'post')).toEqual([]);
  });

  it('warns of text messages and of an occasion that is not named', () => {
    const text = `Die Muster GmbH schickt Ihnen E-Mails und SMS über eigene ähnliche Waren. ${outDe}`;
    const warned = findings('de', text).filter(({ severity }) => severity === 'warn');
    expect(warned.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['N06', 'N07']));
  });
});

describe('the law of a finding', () => {
  const lawOf = (locale: RuleLanguage, wording: string, rule: string, reader?: RuleLanguage) =>
    checkWording({ locale, wording, reader }).find((one) => one.rule === rule)?.law;

  it('is in English for a text in English, with the rulings on English texts', () => {
    const wording = 'Yes, Muster GmbH may send my address to third parties.';
    expect(lawOf('en', wording, 'W09')).toContain('Section 7(2) nos. 1 and 2 UWG');
    expect(lawOf('en', wording, 'W02')).toContain('[2024] UKFTT 362 (GRC)');
    expect(lawOf('en', wording, 'W02')).toContain('Federal Court of Justice (BGH)');
  });

  it('is in German for a text in German, without them', () => {
    const wording = 'Ja, die Muster GmbH und Dritte dürfen mir schreiben.';
    expect(lawOf('de', wording, 'W09')).toContain('§ 7 Abs. 2');
    expect(lawOf('de', wording, 'W02')).not.toContain('UKFTT');
  });

  it('tells a German reader of an English text both', () => {
    expect(lawOf('en', 'Third parties may write to me.', 'W02', 'de')).toMatch(/OLG Köln.*UKFTT/);
  });
});
