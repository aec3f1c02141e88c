import type { Db } from '#db/connect.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { hasNonCharacters, trimSpaces, unreadableFault } from '#src/people/hidden-characters.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import { type FormFields, first, type Issue } from './fields.ts';
import { findEndedTexts } from './find-ended-texts.ts';
import { findFormVersion } from './find-form.ts';
import {
  type FieldName,
  type FormConsent,
  type FormVersion,
  fieldsOfChannel,
  formLocale,
  type PublishedForm,
} from './form-definition.ts';

/** A checked signup. Later code does not check again. */
export interface Submission {
  form: PublishedForm;
  /** The version that the person saw, which may not be the newest. */
  version: FormVersion;
  locale: Locale;
  /** Fields that were filled in, trimmed. */
  fields: Partial<Record<FieldName, string>>;
  mailbox: Address;
  /** The ticked boxes with their addresses. */
  consents: { consent: FormConsent; address: Address }[];
  source: string | null;
}

export interface Address {
  channel: Channel;
  /** Normalised, for look-ups. */
  value: string;
  /** For sending and display. */
  sendable: string;
}

/** The submitted input, to fill in the form again. */
export interface Kept {
  fields: Record<string, string>;
  consents: string[];
}

export type ParsedSubmission =
  | { ok: true; submission: Submission }
  | { ok: false; issues: Issue[]; kept: Kept };

export async function parseSubmission(
  db: Db,
  form: PublishedForm,
  fields: FormFields,
  locale: Locale,
): Promise<ParsedSubmission> {
  const kept: Kept = { fields: firstOfEach(fields), consents: fields.consent ?? [] };
  const shown = await shownVersion(db, form, fields);
  if ('issue' in shown) return { ok: false, issues: [shown.issue], kept };
  const version = shown.version;
  const issues: Issue[] = repeatedFields(fields);
  const values = readFields(version, fields, issues);
  const ticked = readConsents(version, fields, issues);
  requireChannelFields(ticked, values, issues);
  const addresses = readAddresses(ticked, values, issues);
  const source = readSource(fields, issues) ?? (version.definition.source || null);
  const mailbox = addresses.get('email');
  if (issues.length > 0 || !mailbox) return { ok: false, issues: oneAField(issues), kept };
  const consents = ticked.flatMap((consent) => {
    const address = addresses.get(consent.channel);
    return address ? [{ consent, address }] : [];
  });
  const language = formLocale({ ...form, version }, locale);
  return {
    ok: true,
    submission: { form, version, locale: language, fields: values, mailbox, consents, source },
  };
}

const longest = 200;

/** The version that the person saw. An older one is accepted while all its texts are live. */
async function shownVersion(
  db: Db,
  form: PublishedForm,
  fields: FormFields,
): Promise<{ version: FormVersion } | { issue: Issue }> {
  const id = first(fields, 'form_version') ?? '';
  if (id === form.version.id) return { version: form.version };
  const version = /^[0-9a-f-]{36}$/.test(id) ? await findFormVersion(db, id) : undefined;
  if (version?.definition.form !== form.key) {
    return { issue: { field: 'form_version', code: 'unknown_version' } };
  }
  const ended = await findEndedTexts(db, version);
  if (ended.length === 0) return { version };
  const current = form.version.definition.consents.map(({ value }) => value);
  const gone = ended.some(({ value }) => !current.includes(value));
  return { issue: { field: 'form_version', code: gone ? 'box_gone' : 'text_changed' } };
}

function repeatedFields(fields: FormFields): Issue[] {
  return Object.entries(fields)
    .filter(([name, values]) => name !== 'consent' && values.length > 1)
    .map(([field]) => ({ field, code: 'repeated' }));
}

function readFields(version: FormVersion, fields: FormFields, issues: Issue[]) {
  const values: Partial<Record<FieldName, string>> = {};
  for (const { name, required } of version.definition.fields) {
    const value = trimSpaces(first(fields, name) ?? '');
    if (value === '') {
      if (required) issues.push({ field: name, code: 'missing' });
      continue;
    }
    // The length of an e-mail address is checked when it is normalised.
    const fault =
      name !== 'email' && [...value].length > longest
        ? 'too_long'
        : (unreadableFault(value) ?? (hasNonCharacters(value) ? 'invalid' : undefined));
    if (fault) issues.push({ field: name, code: fault });
    else values[name] = value;
  }
  return values;
}

function readConsents(version: FormVersion, fields: FormFields, issues: Issue[]): FormConsent[] {
  const chosen = [...new Set(fields.consent ?? [])];
  const ticked = version.definition.consents.filter((consent) => chosen.includes(consent.value));
  if (ticked.length < chosen.length) issues.push({ field: 'consent', code: 'unknown_consent' });
  else if (ticked.length === 0) issues.push({ field: 'consent', code: 'no_consent' });
  return ticked;
}

/** Requires the address fields of the ticked boxes, e.g. a phone number for calls. */
function requireChannelFields(
  ticked: FormConsent[],
  values: Partial<Record<FieldName, string>>,
  issues: Issue[],
): void {
  const needed = new Set(ticked.flatMap((consent) => fieldsOfChannel[consent.channel]));
  for (const field of needed) {
    const faulty = issues.some((issue) => issue.field === field);
    if (!values[field] && !faulty) issues.push({ field, code: 'missing' });
  }
}

function readAddresses(
  ticked: FormConsent[],
  values: Partial<Record<FieldName, string>>,
  issues: Issue[],
): Map<Channel, Address> {
  const channels = new Set<Channel>(['email', ...ticked.map((consent) => consent.channel)]);
  const addresses = new Map<Channel, Address>();
  for (const channel of channels) {
    const field = fieldsOfChannel[channel][0] ?? 'email';
    if (fieldsOfChannel[channel].some((name) => !values[name])) continue;
    const found = normaliseContactPoint(
      channel,
      channel === 'post' ? postalAddress(values) : (values[field] ?? ''),
    );
    if (found.ok) addresses.set(channel, { channel, value: found.value, sendable: found.sendable });
    else issues.push({ field, code: found.code });
  }
  return addresses;
}

function postalAddress(values: Partial<Record<FieldName, string>>) {
  return {
    name: [values.given_name, values.family_name].filter(Boolean).join(' ') || undefined,
    company: values.company,
    street: values.street ?? '',
    postal_code: values.postal_code ?? '',
    city: values.city ?? '',
    country: values.country,
  };
}

function readSource(fields: FormFields, issues: Issue[]): string | null {
  const source = trimSpaces(first(fields, 'source') ?? '');
  if (source === '') return null;
  const fault = unreadableFault(source) ?? ([...source].length > longest ? 'too_long' : undefined);
  if (fault) issues.push({ field: 'source', code: fault });
  return source;
}

function firstOfEach(fields: FormFields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, values[0] ?? '']));
}

/** The first issue per field. */
function oneAField(issues: Issue[]): Issue[] {
  return [...new Map(issues.toReversed().map((issue) => [issue.field, issue])).values()].reverse();
}
