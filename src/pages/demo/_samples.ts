import type { Locale } from '#db/schema/vocabulary.ts';
import type { FormConsent, PublishedForm } from '#src/forms/form-definition.ts';
import { inLocale } from '#src/i18n/locales.ts';
import type { FoundPreferences, PreferenceCell } from '#src/permissions/describe-preferences.ts';
import type { DescribedItem } from '#src/signups/describe-items.ts';

/** What the screens show in `/demo/screens`: the demo's own form and words, and an invented person. */
export interface Samples {
  items: DescribedItem[];
  found: FoundPreferences;
  stale: FoundPreferences;
  /** Everything withdrawn. */
  quiet: FoundPreferences;
  /** Only kept (Art. 18 GDPR), until an announced end, and looked up in a register. */
  restricted: FoundPreferences;
  /** Two controllers on one instance. */
  shared: FoundPreferences;
  empty: FoundPreferences;
}

export const at = '2026-03-12T09:04:05.000Z';
export const until = '2026-03-15T09:04:05.000Z';
export const handle = 'sample';
export const address = 'anna@example.org';

export function samplesOf(form: PublishedForm, other: PublishedForm, locale: Locale): Samples {
  const { consents, controller } = form.version.definition;
  const cells = cellsOf(consents, locale);
  const found: FoundPreferences = {
    outcome: 'found',
    fresh: true,
    hasMailbox: true,
    maskedAddress: 'an••@example.org',
    locale,
    controllers: [{ controller, cells }],
    restriction: undefined,
    mailBlock: undefined,
    history: cells
      .filter((cell) => cell.text)
      .map(({ title, channel, text }, index) => ({
        about: 'permission',
        id: String(index),
        at,
        kind: index === 0 ? 'withdrawn' : 'confirmed',
        basis: 'consent',
        purposeTitle: title,
        channel,
        origin: index === 0 ? 'preference_centre' : 'confirmation',
        textRef: text?.ref ?? null,
        by: 'you',
      })),
    details: { given_name: 'Anna', family_name: 'Beispiel', company: 'Beispiel & Söhne' },
    contactPoints: [
      { channel: 'email', value: address, source: 'form:fair', verifiedAt: at },
      { channel: 'phone', value: '+49 30 1234567', source: 'form:fair', verifiedAt: null },
    ],
  };
  const without = { ...found, fresh: false, history: [], details: {}, contactPoints: [] };
  const second = { ...controller, legal_name: 'Muster Service GmbH' };
  return {
    items: itemsOf([...consents.slice(1, 4), ...other.version.definition.consents.slice(-1)], locale),
    found,
    stale: without,
    quiet: { ...found, controllers: [{ controller, cells: cells.map(withdrawn) }] },
    restricted: {
      ...found,
      restriction: { since: at, endsAt: until },
      history: [...aboutPerson(), ...found.history],
    },
    shared: {
      ...without,
      controllers: [
        { controller, cells: cells.slice(0, 2) },
        { controller: second, cells: cells.slice(2) },
      ],
    },
    empty: { ...without, controllers: [] },
  };
}

function aboutPerson(): FoundPreferences['history'] {
  const entry = {
    about: 'person',
    at,
    by: 'us',
    occurredAt: at,
    register: null,
    refused: false,
    channel: null,
  } as const;
  return [
    { ...entry, id: 'c', kind: 'unrestricted', occurredAt: until },
    { ...entry, id: 'b', kind: 'restricted' },
    { ...entry, id: 'a', kind: 'register_checked', register: 'ecg', channel: 'email' },
  ];
}

function itemsOf(consents: FormConsent[], locale: Locale): DescribedItem[] {
  return consents.map((consent) => ({
    title: inLocale(consent.titles, locale),
    channel: consent.channel,
    contactPoint: masked[consent.channel] ?? '',
    wording: inLocale(consent.texts, locale).wording,
    locale,
    textRef: inLocale(consent.texts, locale).ref,
    verifiedByThis: consent.channel === 'email',
    thirdParties: consent.third_parties,
    notAsked: undefined,
    dropped: false,
  }));
}

const masked: Record<string, string> = {
  email: 'an••@example.org',
  phone: '+49 ••• •• 67',
  post: '10••• Berlin',
};

type Standing = Pick<PreferenceCell, 'state' | 'settledState' | 'contactPoint'> &
  Partial<Pick<PreferenceCell, 'lapsed' | 'asked'>> & { basis?: PreferenceCell['ground']['basis'] };

/** Each state once, another basis than a consent, and a channel without an address. */
const standings: Standing[] = [
  { state: 'granted', settledState: 'granted', contactPoint: 'an••@example.org' },
  { state: 'none', settledState: 'none', contactPoint: null },
  { state: 'pending', settledState: 'withdrawn', contactPoint: 'an••@example.org' },
  { state: 'granted', settledState: 'granted', contactPoint: '+49 ••• •• 67' },
  { state: 'refused', settledState: 'refused', contactPoint: '+49 ••• •• 67' },
  { state: 'withdrawn', settledState: 'withdrawn', contactPoint: '+49 ••• •• 67' },
  { state: 'expired', settledState: 'expired', contactPoint: 'an••@example.org' },
  { state: 'none', settledState: 'none', contactPoint: 'an••@example.org' },
  { state: 'granted', settledState: 'granted', contactPoint: '+49 ••• •• 67', lapsed: true },
  { state: 'granted', settledState: 'granted', contactPoint: '10••• Berlin', basis: 'legitimate_interest' },
];

function cellsOf(consents: FormConsent[], locale: Locale): PreferenceCell[] {
  return standings.flatMap((standing, index) => {
    const consent = consents[index % consents.length];
    if (!consent) return [];
    const second = index >= consents.length;
    const { basis = 'consent', ...stands } = standing;
    const cell = cellOf(consent, locale, second);
    const since = standing.state === 'none' ? null : at;
    const ground = { title: cell.title, channel: cell.channel, basis, since, ...stands };
    const permissionId = standing.state === 'none' ? null : `per_${index}`;
    return [{ ...cell, ...stands, permissionId, since, ground }];
  });
}

function cellOf(consent: FormConsent, locale: Locale, second: boolean) {
  const purpose = second ? `${consent.purpose}-2` : consent.purpose;
  const { ref, wording, sha256 } = inLocale(consent.texts, locale);
  return {
    field: `p:${purpose}:${consent.channel}`,
    purpose,
    title: inLocale(consent.titles, locale),
    promise: inLocale(consent.promises, locale),
    thirdParties: [],
    channel: consent.channel,
    verified: consent.channel === 'email',
    evidenceGrade: null,
    text: { ref, wording, sha256, locale },
    lapsed: false,
    textInvalid: false,
    asked: false,
    askText: { ref: ref.replace('1.0', '2.0'), wording, sha256 },
    canAsk: true,
  };
}

function withdrawn(cell: PreferenceCell): PreferenceCell {
  return { ...cell, state: 'withdrawn', settledState: 'withdrawn', since: at };
}
