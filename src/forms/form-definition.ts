import type { ControllerTable } from '#db/schema/controllers.ts';
import type { PurposeThirdPartyTable } from '#db/schema/purposes.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { defaultLocale } from '#src/i18n/locales.ts';
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

/** The frozen content of a form version. Stored as JSON; its SHA-256 is part of the evidence. */
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
  /** `notice`, below the boxes: how to withdraw and who is responsible. */
  words: Record<Locale, { heading: string; intro: string; notice: string }>;
  default_locale: Locale;
  /** Origins that may show it. */
  sites: string[];
  confirm_within_hours: number;
  theme: FormTheme;
  thanks: { words: Record<Locale, string>; address: string };
  source: string;
  /** SHA-256 of the HTML as shown, by language. The HTML itself is in `form_version_pages`. */
  shown: Partial<Record<Locale, string>>;
}

/** Parses a stored definition. Older ones lack some fields, which get the defaults of their time. */
export function readDefinition(json: string): FormDefinition {
  return { ...defaults, ...(JSON.parse(json) as FormDefinition) };
}

const defaults = {
  default_locale: defaultLocale,
  sites: [],
  confirm_within_hours: 72,
  theme: { light: {}, dark: {}, shape: {} },
  thanks: { words: {}, address: '' },
  source: '',
  shown: {},
} satisfies Partial<FormDefinition>;

/** A box: a purpose on a channel, with the exact wording of the approved text. */
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

/** A published form with its current version. */
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

/** Settings that are not part of a version, because they change no text. */
export interface FormSwitches {
  /** Shown while the form is closed; null: the default message. */
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

/** The requested language if the form has it, else the form's default. */
export function formLocale(
  form: Pick<PublishedForm, 'version' | 'defaultLocale'>,
  wished: Locale | undefined,
): Locale {
  const { locales } = form.version.definition;
  if (wished && locales.includes(wished)) return wished;
  return locales.includes(form.defaultLocale) ? form.defaultLocale : (locales[0] ?? form.defaultLocale);
}

/** The fields that make up the address of a channel. */
export const fieldsOfChannel: Record<Channel, FieldName[]> = {
  email: ['email'],
  phone: ['phone'],
  sms: ['phone'],
  fax: ['fax'],
  post: ['street', 'postal_code', 'city'],
};
