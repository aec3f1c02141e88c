import type { MailKind } from '#db/schema/mails.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { inLocale, locales } from '#src/i18n/locales.ts';
import { type ConfirmSignupMail, confirmSignupMail } from './confirm-signup.ts';
import { fillGaps } from './gaps.ts';
import type { Mail, MailController } from './layout.ts';
import { manageLinkMail } from './manage-link.ts';
import { type PermissionsChangedCell, permissionsChangedMail } from './permissions-changed.ts';
import { staffKeyWaitingMail } from './staff-key-waiting.ts';
import { staffLinkMail } from './staff-link.ts';
import { staffLogUnwatchedMail } from './staff-log-unwatched.ts';

export interface SampleMail {
  id: string;
  kind: MailKind;
  locale: Locale;
  /** Which case of its kind this is. */
  variant: string;
  mail: Mail;
}

/** Every mail in every language and case, with links that lead nowhere. */
export function sampleMails(): SampleMail[] {
  return locales.flatMap((locale) => samplesIn(locale));
}

function samplesIn(locale: Locale): SampleMail[] {
  const cases = [
    ...confirmCases(locale),
    ...changedCases(locale),
    ...linkCases(locale),
    ...staffCases(locale),
  ];
  return cases.map(([kind, variant, mail]) => ({
    id: `${kind}-${variant}-${locale}`,
    kind,
    locale,
    variant,
    mail: fillGaps(mail, locale, secrets),
  }));
}

type Case = [kind: MailKind, variant: string, mail: Mail];

const reference = 'sig_01985c2e-7a10-7c44-9d8e-2f5b6a7c8d9e';
const site = 'consent.muster-werkzeuge.example';

function confirmCases(locale: Locale): Case[] {
  const confirm = {
    locale,
    reference,
    ...requested,
    controller,
    site,
    enteredOn: 'www.muster-werkzeuge.example',
    address: 'anna@example.org',
  };
  const consents = inLocale(sampleConsents, locale);
  const ownPage = { form: null, codeExpiresAt: null, consents: consents.slice(1) };
  return [
    ['confirm-signup', 'one', confirmSignupMail({ ...confirm, consents: consents.slice(0, 1) })],
    ['confirm-signup', 'several', confirmSignupMail({ ...confirm, consents })],
    ['confirm-signup', 'preference-centre', confirmSignupMail({ ...confirm, ...ownPage })],
  ];
}

function changedCases(locale: Locale): Case[] {
  const about = { locale, reference, at };
  const [changes, cells] = [changesIn(locale), cellsIn(locale)];
  const two = [
    { ...controller, cells: cells.slice(0, 3) },
    { ...secondController, cells: cells.slice(3) },
  ];
  const confirmed = { ...about, changes, controllers: [{ ...controller, cells }] };
  const separate = { ...about, changes: changes.slice(1), controllers: two };
  return [
    ['permissions-changed', 'confirmed', permissionsChangedMail(confirmed)],
    ['permissions-changed', 'two-controllers', permissionsChangedMail(separate)],
  ];
}

function linkCases(locale: Locale): Case[] {
  const freshUntil = '2026-03-13T09:04:00.000Z';
  const manage = { locale, reference, controllers: [controller], site, at, freshUntil };
  return [
    ['manage-link', 'asked', manageLinkMail({ ...manage, because: 'asked' })],
    ['manage-link', 'already-granted', manageLinkMail({ ...manage, because: 'already_granted' })],
  ];
}

function staffCases(locale: Locale): Case[] {
  const desk = { locale, reference, controllers: [controller], site, validUntil: at };
  const log = {
    witness: 'witness.partner.example',
    problem: 'It cannot be reached.',
    since: at,
    url: `https://${site}/log`,
  };
  const key = { keyName: 'CRM', maker: 'Ada Admin', madeAt: at, url: `https://${site}/staff/keys` };
  return [
    ['staff-invitation', 'invited', staffLinkMail({ ...desk, kind: 'staff-invitation' })],
    ['staff-key-waiting', 'made', staffKeyWaitingMail({ ...desk, ...key })],
    ['staff-log-unwatched', 'witness', staffLogUnwatchedMail({ ...desk, ...log })],
    ['staff-password-reset', 'asked', staffLinkMail({ ...desk, kind: 'staff-password-reset' })],
  ];
}

const at = '2026-03-12T09:04:00.000Z';

const secrets = {
  confirmUrl: 'https://consent.muster-werkzeuge.example/confirm/sample',
  confirmCode: '314159',
  manageUrl: 'https://consent.muster-werkzeuge.example/p/sample',
  unsubscribeUrl: 'https://consent.muster-werkzeuge.example/u/sample',
  staffUrl: 'https://consent.muster-werkzeuge.example/staff/password/sample',
};

const controller: MailController = {
  legal_name: 'Muster Werkzeuge GmbH',
  privacy_email: 'datenschutz@muster-werkzeuge.example',
  privacy_url: 'https://www.muster-werkzeuge.example/datenschutz',
  privacy_version: '2.1',
  imprint: [
    'Muster Werkzeuge GmbH',
    'Musterstraße 1, 63452 Hanau, Deutschland',
    'Vertreten durch die Geschäftsführerin Maria Muster',
    'info@muster-werkzeuge.example, +49 6181 000000',
    'Amtsgericht Hanau, HRB 00000, USt-IdNr. DE000000000',
  ].join('\n'),
};

const secondController: MailController = {
  legal_name: 'Muster Service GmbH',
  privacy_email: 'datenschutz@muster-service.example',
  privacy_url: 'https://www.muster-service.example/datenschutz',
  privacy_version: '1.0',
  imprint: 'Muster Service GmbH\nMusterstraße 3, 63452 Hanau, Deutschland',
};

const requested = {
  form: 'Newsletter',
  requestedAt: at,
  expiresAt: '2026-03-15T09:04:00.000Z',
  purgeAt: '2026-03-19T09:04:00.000Z',
  codeExpiresAt: '2026-03-12T09:34:00.000Z',
} satisfies Partial<ConfirmSignupMail>;

const sampleConsents: Record<Locale, ConfirmSignupMail['consents']> = {
  de: [
    {
      title: 'Produktneuigkeiten',
      channel: 'email',
      locale: 'de',
      ref: 'product-news/email/de@1.0',
      wording:
        'Ja, die Muster Werkzeuge GmbH, Hanau, darf mir höchstens zweimal im Monat ihren Newsletter mit Werbung für Akkuschrauber und Sägen per E-Mail schicken. Das ist freiwillig. Ich kann das jederzeit kostenlos widerrufen, über den Link in jeder E-Mail oder formlos an datenschutz@muster-werkzeuge.example. Mehr steht in den Datenschutzhinweisen.',
    },
    {
      title: 'Einladungen zu Veranstaltungen',
      channel: 'phone',
      locale: 'de',
      ref: 'event-invitations/phone/de@1.0',
      wording:
        'Ja, die Muster Werkzeuge GmbH, Hanau, darf mich unter der angegebenen Nummer höchstens zweimal im Jahr anrufen, um mich zu Vorführungen ihrer Werkzeuge einzuladen (Werbung). Das ist freiwillig und jederzeit kostenlos und formlos widerrufbar. Mehr steht in den Datenschutzhinweisen.',
    },
  ],
  en: [
    {
      title: 'Product news',
      channel: 'email',
      locale: 'en',
      ref: 'product-news/email/en@1.0',
      wording:
        'Yes, Muster Werkzeuge GmbH, Hanau, may send me its newsletter with advertising for cordless screwdrivers and saws by e-mail, at most twice a month. This is optional. I can withdraw at any time free of charge by the link in every e-mail or informally to datenschutz@muster-werkzeuge.example. Details are in the privacy notice.',
    },
    {
      title: 'Event invitations',
      channel: 'phone',
      locale: 'en',
      ref: 'event-invitations/phone/en@1.0',
      wording:
        'Yes, Muster Werkzeuge GmbH, Hanau, may call me on the number given, at most twice a year, to invite me to demonstrations of its tools (advertising). This is optional and can be withdrawn at any time, free of charge and informally. Details are in the privacy notice.',
    },
  ],
};

const titles = {
  de: {
    news: 'Produktneuigkeiten',
    events: 'Einladungen zu Veranstaltungen',
    offers: 'Angebote von Partnern',
  },
  en: { news: 'Product news', events: 'Event invitations', offers: 'Partner offers' },
};

const sources = { de: 'Ihre Bestellung vom 2. März 2026', en: 'your order of 2 March 2026' };

function changesIn(locale: Locale) {
  const { news, events } = inLocale(titles, locale);
  return [
    { title: news, channel: 'email', to: 'granted' } as const,
    { title: events, channel: 'phone', to: 'granted' } as const,
    { title: events, channel: 'email', to: 'withdrawn' } as const,
  ];
}

function cellsIn(locale: Locale): PermissionsChangedCell[] {
  const { news, events, offers } = inLocale(titles, locale);
  const blank = {
    contactPoint: null,
    basis: null,
    settledState: 'none',
    since: null,
    verified: false,
  } as const;
  return [
    { ...blank, title: news, channel: 'email', state: 'granted', since: at, verified: true },
    {
      ...blank,
      title: news,
      channel: 'post',
      state: 'granted',
      basis: 'legitimate_interest',
      since: at,
      source: inLocale(sources, locale),
    },
    { ...blank, title: news, channel: 'sms', state: 'none' },
    { ...blank, title: events, channel: 'email', state: 'withdrawn', since: at, verified: true },
    {
      ...blank,
      title: events,
      channel: 'phone',
      contactPoint: '+49 ••• •• 10',
      state: 'granted',
      since: at,
    },
    { ...blank, title: offers, channel: 'email', state: 'pending', since: at },
    { ...blank, title: offers, channel: 'fax', state: 'expired', since: '2025-11-02T09:04:00.000Z' },
  ];
}
