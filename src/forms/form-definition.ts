import type { Channel, ControllerTable, Locale, PurposeThirdPartyTable } from '#db/schema.ts';
import type { FormLimits } from '#src/limits/form-limits.ts';
import type { FormTheme } from './form-theme.ts';

export const fieldNames = [
  'email',
  'given_name',
  'family_name',
  'company',
  'position',
  'phone',
  'fax',
  'street',
  'postal_code',
  'city',
  'country',
] as const;

export type FieldName = (typeof fieldNames)[number];

/** Everything a form version shows, frozen with it. Stored as JSON; its SHA-256 is part of each piece of evidence. */
export interface FormDefinition {
  form: string;
  number: number;
  locales: Locale[];
  controller: Omit<
    ControllerTable,
    'created_at' | 'mails_after_withdrawal' | 'refuses_claimed' | 'key' | 'revision'
  >;
  fields: { name: FieldName; required: boolean }[];
  consents: FormConsent[];
  /** `notice` stands under the boxes: how to withdraw and who is responsible. */
  words: Record<Locale, { heading: string; intro: string; notice: string }>;
  default_locale: Locale;
  /** Origins that may show it. */
  sites: string[];
  confirm_within_hours: number;
  theme: FormTheme;
  thanks: { words: Record<Locale, string>; address: string };
  source: string;
  /** SHA-256 of the HTML as shown, in each of its languages; the HTML itself lies in `form_version_pages`. */
  shown: Partial<Record<Locale, string>>;
}

/** A definition as it was stored. What an old one does not know had no say in how the form looked. */
export function readDefinition(json: string): FormDefinition {
  return { ...unsaid, ...(JSON.parse(json) as FormDefinition) };
}

const unsaid = {
  default_locale: 'de',
  sites: [],
  confirm_within_hours: 72,
  theme: { light: {}, dark: {}, shape: {} },
  thanks: { words: { de: '', en: '' }, address: '' },
  source: '',
  shown: {},
} satisfies Partial<FormDefinition>;

/** One box: one purpose on one channel, with the very words of the approved text. */
export interface FormConsent {
  /** The value of the box, e.g. `product-news:email`. */
  value: string;
  purpose_id: string;
  purpose: string;
  channel: Channel;
  titles: Record<Locale, string>;
  promises: Record<Locale, string>;
  third_parties: Pick<PurposeThirdPartyTable, 'name' | 'place' | 'line_of_business'>[];
  texts: Record<Locale, { id: string; ref: string; wording: string; sha256: string }>;
}

/** A form as it stands on the site now. */
export interface PublishedForm {
  id: string;
  key: string;
  controllerId: string;
  defaultLocale: Locale;
  allowedOrigins: string[];
  confirmWithinHours: number;
  closedAt: string | null;
  archivedAt: string | null;
  switches: FormSwitches;
  version: FormVersion;
}

/** How it is run now. No part of a version: what is switched here changes no word. */
export interface FormSwitches {
  /** What is said while it is closed, where the usual sentence is not. */
  closedWords: Record<Locale, string> | null;
  proofOfWork: boolean;
  limits: FormLimits;
  testing: boolean;
}

export interface FormVersion {
  id: string;
  number: number;
  sha256: string;
  definition: FormDefinition;
}

/** The language to show a form in: the one that is wished for where the form speaks it, else its own. */
export function formLocale(
  form: Pick<PublishedForm, 'version' | 'defaultLocale'>,
  wished: Locale | undefined,
): Locale {
  const { locales } = form.version.definition;
  if (wished && locales.includes(wished)) return wished;
  return locales.includes(form.defaultLocale) ? form.defaultLocale : (locales[0] ?? form.defaultLocale);
}

/** The fields that a channel cannot do without. */
export const fieldsOfChannel: Record<Channel, FieldName[]> = {
  email: ['email'],
  phone: ['phone'],
  sms: ['phone'],
  fax: ['fax'],
  post: ['street', 'postal_code', 'city'],
};
