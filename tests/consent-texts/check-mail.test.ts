import { describe, expect, it } from 'vitest';
import { demoController, demoPurposes } from '#db/demo/demo-data.ts';
import { confirmSignupMail } from '#emails/confirm-signup.ts';
import { fillGaps } from '#emails/gaps.ts';
import { sampleMails } from '#emails/samples.ts';
import { ruleLanguage } from '#src/consent-texts/rule-language.ts';
import type { RuleLanguage } from '#src/consent-texts/wording-check/check-input.ts';
import { checkMail, checkTransactionalMail } from '#tests/support/mail-check/check-mail.ts';
import type { CheckedMail, MailContext } from '#tests/support/mail-check/mail-reading.ts';
import { mailRules } from '#tests/support/mail-check/mail-rules.ts';

const confirmLink = 'https://consent.example/confirm/abc';
const locales: RuleLanguage[] = ['de', 'en'];

function consentsIn(locale: RuleLanguage) {
  return demoPurposes.flatMap(({ key, titles, texts }) =>
    Object.entries(texts).map(([channel, words]) => ({
      title: titles[locale] ?? '',
      channel: channel as 'email',
      wording: words[locale] ?? '',
      locale,
      ref: `${key}/${channel}/${locale}@1.0`,
    })),
  );
}

function asked(
  locale: RuleLanguage,
  count: number,
  form: string | null,
): { mail: CheckedMail; context: MailContext } {
  const consents = consentsIn(locale).slice(0, count);
  const mail = confirmSignupMail({
    locale,
    controller: demoController,
    address: 'anna@example.org',
    site: 'consent.example',
    enteredOn: 'www.muster.example',
    form,
    requestedAt: '2026-03-12T09:04:00.000Z',
    expiresAt: '2026-03-15T09:04:00.000Z',
    purgeAt: '2026-03-19T09:04:00.000Z',
    codeExpiresAt: form && '2026-03-12T09:34:00.000Z',
    consents,
    reference: 'sig_1',
  });
  return {
    mail: { ...fillGaps(mail, locale, { confirmUrl: confirmLink, confirmCode: '012345' }), locale },
    context: {
      consentTexts: consents.map(({ wording }) => wording),
      controllerName: demoController.legal_name,
      imprint: demoController.imprint,
      allowedLinks: [confirmLink, demoController.privacy_url],
      confirmLink,
      address: 'anna@example.org',
      site: 'consent.example',
      formValues: ['Annegret', 'Sonnenschein', '+49 6181 123'],
    },
  };
}

const messages = ({ mail, context }: { mail: CheckedMail; context: MailContext }) =>
  checkMail(mail, context).map(({ rule, message }) => `${rule} ${message}`);

describe.each(locales)('the confirmation mail in %s', (locale) => {
  it.each([
    ['one consent of a form', 1, 'newsletter'],
    ['all consents of a form', 99, 'fair'],
    ['a wish from the preference centre', 2, null],
  ])('obeys M01 to M08 for %s', (_, count, form) => {
    expect(messages(asked(locale, count, form))).toEqual([]);
  });
});

describe('every other mail', () => {
  it.each(sampleMails().map((sample) => [sample.id, sample] as const))(
    '%s loads nothing and does not advertise',
    (_, { mail, locale }) => {
      const language = ruleLanguage(locale);
      const { context } = asked(language, 99, null);
      expect(checkTransactionalMail({ ...mail, locale: language }, context)).toEqual([]);
    },
  );
});

/** The good mail with one thing changed in both parts. */
function changed(change: (part: string) => string, more: Partial<MailContext> = {}): string[] {
  const { mail, context } = asked('de', 1, 'newsletter');
  const text = change(mail.text);
  return messages({ mail: { ...mail, text, html: change(mail.html) }, context: { ...context, ...more } });
}

const ids = (found: string[]) => [...new Set(found.map((one) => one.slice(0, 3)))];

describe('checkMail', () => {
  it.each(
    mailRules.flatMap(({ id, pattern, examples }) =>
      pattern ? examples.bad.map((words) => [id, words] as const) : [],
    ),
  )('%s finds "%s" in every part', (id, words) => {
    const { mail, context } = asked('de', 1, 'newsletter');
    const bad = {
      subject: `${mail.subject} ${words}`,
      text: `${mail.text}\n${words}`,
      html: mail.html.replace('</body>', `<p>${words}</p></body>`),
    };
    const parts = checkMail({ ...mail, ...bad }, context)
      .filter(({ rule }) => rule === id)
      .map(({ part }) => part);
    expect(new Set(parts)).toEqual(new Set(['subject', 'text', 'html']));
  });

  it.each(mailRules.flatMap(({ id, examples }) => examples.good.map((words) => [id, words] as const)))(
    '%s leaves "%s" alone',
    (id, words) => {
      expect(ids(changed((part) => `${part} ${words}`))).not.toContain(id);
    },
  );

  it('does not take the name, the imprint, the quoted text or an address for advertising', () => {
    const { mail, context } = asked('de', 1, 'newsletter');
    const name = 'Gutschein Shop GmbH';
    const renamed = (words: string) => words.replaceAll('Muster Werkzeuge GmbH', name);
    const shop = {
      subject: renamed(mail.subject),
      text: renamed(mail.text),
      html: renamed(mail.html),
      locale: 'de' as const,
    };
    const shopContext = {
      ...context,
      controllerName: name,
      imprint: renamed(context.imprint),
      consentTexts: context.consentTexts.map(renamed),
    };
    expect(messages({ mail: shop, context: shopContext })).toEqual([]);
  });

  it.each([
    '<img src="logo.png">',
    '<p style="background:url(https://t.example/x)">x</p>',
    '<link rel="stylesheet" href="https://consent.example/confirm/abc">',
    '<style>@import "x.css"</style>',
    '<table background="x"></table>',
  ])('M01 finds %s', (tag) => {
    expect(ids(changed((part) => part.replace('</body>', `${tag}</body>`)))).toContain('M01');
  });

  it('M04 finds every link that is not for confirming', () => {
    expect(
      changed((part) => `${part} https://shop.example/angebote`).filter((one) => one.startsWith('M04')),
    ).toHaveLength(1);
    expect(
      ids(changed((part) => part.replace('</body>', '<a href="mailto:x@y.example">Mail</a></body>'))),
    ).toEqual(['M04']);
  });

  it.each([
    [
      'Der Verantwortliche ist nicht genannt.',
      (part: string) => part.replaceAll('Muster Werkzeuge GmbH', 'Wir'),
    ],
    [
      'Die eingetragene Adresse ist nicht genannt.',
      (part: string) => part.replaceAll('anna@example.org', 'Ihre'),
    ],
    ['Datum und Uhrzeit der Eintragung fehlen.', (part: string) => part.replace(/\d{1,2}:\d{2}/g, 'früh')],
    [
      'Ein Einwilligungstext steht nicht wörtlich',
      (part: string) => part.replace('höchstens zweimal', 'zweimal'),
    ],
    [
      'Es steht nicht genau ein Link zum Bestätigen in der Mail (0).',
      (part: string) => part.replaceAll(confirmLink, demoController.privacy_url),
    ],
    [
      'Dass ohne Bestätigung nichts geschieht, fehlt.',
      (part: string) => part.replace('müssen Sie nichts tun', 'schade'),
    ],
    [
      'Wann die Anfrage gelöscht wird, fehlt.',
      (part: string) => part.replace('löschen die Anfrage', 'behalten die Anfrage'),
    ],
    ['Das Impressum fehlt: Geschäftsführerin', (part: string) => part.replace('Geschäftsführerin: ', '')],
    [
      'Der Link zu den Datenschutzhinweisen fehlt.',
      (part: string) => part.replace(/Datenschutzhinweise/g, 'Hinweise'),
    ],
  ])('M05 misses: %s', (message, change) => {
    const found = changed(change).filter((one) => one.startsWith(`M05 ${message}`));
    expect(found).toHaveLength(2);
  });

  it('M05 wants a text part', () => {
    const { mail, context } = asked('de', 1, 'newsletter');
    expect(messages({ mail: { ...mail, text: ' ' }, context })).toContain(
      'M05 Die Mail hat keinen Textteil.',
    );
  });

  it('M06 lets nothing through that a stranger typed', () => {
    expect(ids(changed((part) => part.replace('Guten Tag,', 'Guten Tag Annegret,')))).toEqual(['M06']);
    expect(ids(changed((part) => part.replace('Guten Tag,', 'Guten Tag\u0007,')))).toEqual(['M06']);
  });

  it('M07 allows one mail a request', () => {
    expect(ids(changed((part) => part, { mailsBefore: 1 }))).toEqual(['M07']);
  });

  it.each([
    ['Newsletter der Muster Werkzeuge GmbH', 'beginnt nicht mit'],
    ['Bitte bestätigen: Newsletter', 'nennt Muster Werkzeuge GmbH nicht'],
    ['Bitte bestätigen: Newsletter der Muster Werkzeuge GmbH 🎉', 'enthält ein Bildzeichen'],
    ['Bitte bestätigen: Rabatt der Muster Werkzeuge GmbH', '„Rabatt“ gehört nicht in den Betreff'],
  ])('M08 warns of the subject "%s"', (subject, message) => {
    const { mail, context } = asked('de', 1, 'newsletter');
    const found = checkMail({ ...mail, subject }, context).filter(({ rule }) => rule === 'M08');
    expect(found).toEqual([
      expect.objectContaining({
        severity: 'warn',
        part: 'subject',
        message: expect.stringContaining(message),
      }),
    ]);
  });
});
