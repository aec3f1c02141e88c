import type { Locale } from '#db/schema/vocabulary.ts';
import { fieldNames } from '#src/forms/form-definition.ts';
import { dayText, isDay, preciseTimeText } from '#src/i18n/dates.ts';
import { namesBelow, type Translate, translator } from '#src/i18n/translate.ts';
import type { StoryField, StoryGround } from '../story-events.ts';
import type { Fact } from './sheet.ts';

/** Fields with the labels of their forms and captures; one without a label has its own name. */
export function fieldFacts(fields: StoryField[], locale: Locale): Fact[] {
  const t = translator(locale);
  return fields
    .filter(({ value }) => value !== '')
    .map(({ name, value }) => ({
      label: labelOf(name, t),
      value: valueText(name, value, t),
      code: name.endsWith('sha256') || name.endsWith('import_id'),
    }));
}

export function labelOf(name: string, t: Translate): string {
  const typed = fieldNames.find((one) => one === name.replace(/^person\./, ''));
  if (typed) return t(`field.${typed}`);
  const captured = captureFields.find((one) => one === name);
  return captured ? t(`proof.field.${captured}`) : name;
}

const captureFields = namesBelow('proof.field');

function valueText(name: string, value: string, t: Translate): string {
  // A day that was given without a time is stored as its beginning.
  const day = value.replace(/T00:00:00(?:\.000)?Z$/, '');
  if (isDay(day)) return dayText(day, t.locale);
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return preciseTimeText(value, t.locale);
  if (value === 'true') return t('proof.value.yes');
  const choice = choices.find((one) => one === value);
  if (choice && /direction$|^audience$/.test(name)) return t(`proof.value.${choice}`);
  if (name === 'method') return methodText(value, t);
  if (name === 'basis') return basisText(value, t);
  if (name === 'channel') return channelText(value, t);
  if (name === 'evidence.reason_code') {
    const reason = reasons.find((one) => one === value);
    if (reason) return t(`desk.field.reason_code.${reason}`);
  }
  return value;
}

const choices = namesBelow('proof.value');
const reasons = namesBelow('desk.field.reason_code');
const bases = namesBelow('proof.basis');
const channels = namesBelow('channel');
const ways = ['phone_recorded', 'phone_oral', 'dtmf', 'paper', 'postcard', 'fax', 'in_person'] as const;

/** How something was captured, e.g. "Papierformular". */
export function methodText(method: string, t: Translate): string {
  const way = ways.find((one) => one === method);
  if (way) return t(`desk.way.${way}`);
  return method === 'import' ? t('proof.value.import') : method;
}

/** What the law asks for and is not there. */
export function missingIn(ground: StoryGround | null, t: Translate): string[] {
  return [...(ground?.missingEvidence ?? []), ...(ground?.missing7a ?? [])].map((name) => {
    const known = missings.find((one) => one === name);
    return known ? t(`desk.missing.${known}`) : name;
  });
}

const missings = namesBelow('desk.missing');

function basisText(value: string, t: Translate): string {
  const basis = bases.find((one) => one === value);
  return basis ? t(`proof.basis.${basis}`) : value;
}

function channelText(value: string, t: Translate): string {
  const channel = channels.find((one) => one === value);
  return channel ? t(`channel.${channel}`) : value;
}
