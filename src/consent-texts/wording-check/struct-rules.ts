import { channelNames, channelsIn } from './channels.ts';
import type { Channel, Company, FormControl } from './check-input.ts';
import { companiesIn } from './companies.ts';
import { detail, type Finding, finding } from './finding.ts';
import type { Reading } from './reading.ts';
import { requireRule, type Severity } from './rules.ts';
import { matchesOf } from './text-rules.ts';

const MOST_COMPANIES = 8;

/** The rules about form and facts, and what the words themselves give away about them. */
export function structFindings(reading: Reading): Finding[] {
  return [
    ...companyFindings(reading),
    ...presetFindings(reading),
    ...requiredFindings(reading),
    ...channelCount(reading),
    ...choicePerCompany(reading),
    ...ageFindings(reading),
    ...fieldFindings(reading),
    ...phoneFindings(reading),
  ];
}

function companyFindings(reading: Reading): Finding[] {
  const { controllers = [], recipients = [] } = reading.input;
  const count = controllers.length + recipients.length;
  const unplaced = recipients.filter((company) => lacksPlace(company, reading));
  return [
    ...(count > 1 ? [tooMany(reading, count)] : []),
    ...unplaced.map(({ name, place = '' }) =>
      detail(reading, 'W03', 'unplaced', { name, place }, { severity: 'warn' }),
    ),
    ...matchesOf(requireRule('W03'), reading.wording, reading.locale).map((span) => ({
      ...finding(reading, requireRule('W03'), { span }),
      severity: severityOf(Number.parseInt(reading.wording.tidy.text.slice(span.start), 10)),
    })),
  ];
}

function tooMany(reading: Reading, count: number): Finding {
  const key = count > MOST_COMPANIES ? 'number' : 'several';
  return detail(reading, 'W03', key, { count, limit: MOST_COMPANIES }, { severity: severityOf(count) });
}

function severityOf(count: number): Severity {
  return count > MOST_COMPANIES ? 'error' : 'warn';
}

function lacksPlace({ name, place }: Company, { wording, locale }: Reading): boolean {
  const { text } = wording.tidy;
  const spoken = locale === 'en' ? ENGLISH_PLACES[place ?? ''] : undefined;
  return (
    Boolean(place) && text.includes(name) && !text.includes(place ?? '') && !(spoken && text.includes(spoken))
  );
}

const ENGLISH_PLACES: Record<string, string> = {
  Köln: 'Cologne',
  München: 'Munich',
  Nürnberg: 'Nuremberg',
  Hannover: 'Hanover',
  Braunschweig: 'Brunswick',
  Wien: 'Vienna',
  Zürich: 'Zurich',
  Genf: 'Geneva',
  Luzern: 'Lucerne',
};

function presetFindings(reading: Reading): Finding[] {
  const preset = (reading.input.form?.controls ?? []).filter(isPreset);
  return [
    ...preset.map(({ name }) => detail(reading, 'W17', 'control', { name })),
    ...inTheWords(reading, 'W17'),
  ];
}

function isPreset({ kind, checked, value }: FormControl): boolean {
  if (checked) return true;
  const speaksForItself = kind === 'hidden' || kind === 'radio' || kind === 'toggle' || kind === 'select';
  return speaksForItself && (value === true || /^(?:true|yes|ja|on|1)$/iu.test(String(value ?? '')));
}

function requiredFindings(reading: Reading): Finding[] {
  const { form } = reading.input;
  if (form?.purposeCount === 1) return [];
  const required = (form?.controls ?? []).filter((control) => control.required);
  return [
    ...required.map(({ name }) => detail(reading, 'W18', 'control', { name })),
    ...inTheWords(reading, 'W18'),
  ];
}

function channelCount(reading: Reading): Finding[] {
  const said = [...channelsIn(reading.wording, reading.locale).named.keys()];
  const channels = [...new Set([...(reading.input.channels ?? []), ...said])];
  const boxes = reading.wording.tidy.text.split('☐').length - 1;
  if (channels.length < 2 || boxes >= channels.length) return [];
  const names = channels.map((channel) => channelNames[reading.reader][channel]).join(', ');
  return [detail(reading, 'W22', 'count', { count: channels.length, channels: names })];
}

function choicePerCompany(reading: Reading): Finding[] {
  const { controllers = [], recipients = [], form } = reading.input;
  const { text } = reading.wording.tidy;
  const received = recipients.map(({ name }) => name);
  const askers = companiesIn(text).filter((name) => !received.includes(name));
  const passesOn = matchesOf(requireRule('W35'), reading.wording, reading.locale).length > 0;
  const count = Math.max(controllers.length, passesOn ? 0 : askers.length);
  const boxes = Math.max(text.split('☐').length - 1, form?.controls?.length ?? 0);
  return count < 2 || boxes >= count ? [] : [detail(reading, 'W23', 'count', { count })];
}

function ageFindings(reading: Reading): Finding[] {
  const { minAge, jurisdiction } = reading.input;
  const limit = jurisdiction === 'AT' ? 14 : 16;
  return minAge === undefined || minAge >= limit
    ? []
    : [detail(reading, 'W25', 'age', { age: minAge, limit })];
}

const NEEDED: Record<Channel, string[]> = {
  email: ['email'],
  sms: ['phone'],
  phone: ['phone', 'given_name', 'family_name', 'street', 'postal_code', 'city', 'country'],
  fax: ['fax'],
  post: ['given_name', 'family_name', 'street', 'postal_code', 'city', 'country'],
};

function fieldFindings(reading: Reading): Finding[] {
  const fields = reading.input.form?.fields ?? [];
  // The form itself is confirmed by mail, so it may always ask for the mailbox.
  const needed = ['email', ...(reading.input.channels ?? []).flatMap((channel) => NEEDED[channel])];
  return [
    ...fields
      .filter((field) => field.inNotice === false)
      .map(({ name }) => detail(reading, 'W28', 'notice', { name })),
    ...fields
      .filter(({ name, required }) => required && !needed.includes(name))
      .map(({ name }) => detail(reading, 'W28', 'required', { name })),
  ];
}

const RECORD_OF_A_CALL = ['given_name', 'family_name', 'street', 'postal_code', 'city', 'phone'];

function phoneFindings(reading: Reading): Finding[] {
  const { channels, audience, form } = reading.input;
  if (audience === 'business' || (channels?.length && !channels.includes('phone'))) return [];
  const fields = channels?.includes('phone') ? form?.fields : undefined;
  const lacking = fields
    ? RECORD_OF_A_CALL.filter((name) => !fields.some((field) => field.name === name))
    : [];
  return [
    ...(lacking.length > 0 ? [detail(reading, 'W41', 'fields', { fields: lacking.join(', ') })] : []),
    ...inTheWords(reading, 'W41'),
  ];
}

function inTheWords(reading: Reading, id: string): Finding[] {
  const rule = requireRule(id);
  return reading.fields.flatMap((field) =>
    matchesOf(rule, field, reading.locale).map((span) => finding(reading, rule, { field, span })),
  );
}
