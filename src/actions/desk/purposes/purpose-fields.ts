import type { Period } from '#db/schema/purposes.ts';
import { type FormFields, first } from '#src/forms/fields.ts';
import { eachLocale, locales } from '#src/i18n/locales.ts';
import { channelOrder, type PurposeChannel, type PurposeDraft, periods } from '#src/purposes/purpose.ts';

/** The entries of the form, filled with what is saved. */
export function fieldsOf(draft: PurposeDraft): FormFields {
  const fields: FormFields = {
    channel: draft.channels.map(({ channel }) => channel),
    proof_years: [String(draft.proofYears)],
    proof_note: [draft.proofNote ?? ''],
  };
  for (const locale of locales) {
    fields[`title_${locale}`] = [draft.titles[locale] ?? ''];
    fields[`promise_${locale}`] = [draft.promises[locale] ?? ''];
    fields[`terms_${locale}`] = [(draft.terms[locale] ?? []).join('\n')];
    fields[`data_${locale}`] = [(draft.dataCategories[locale] ?? []).join('\n')];
  }
  for (const { channel, frequency, flagMonths, denyMonths, nonUseNote } of draft.channels) {
    fields[`times_${channel}`] = [frequency ? String(frequency.times) : ''];
    fields[`per_${channel}`] = [frequency?.per ?? ''];
    fields[`flag_${channel}`] = [flagMonths === null ? '' : String(flagMonths)];
    fields[`deny_${channel}`] = [denyMonths === null ? '' : String(denyMonths)];
    fields[`note_${channel}`] = [nonUseNote ?? ''];
  }
  fields.party_name = draft.thirdParties.map(({ name }) => name);
  fields.party_place = draft.thirdParties.map(({ place }) => place);
  fields.party_business = draft.thirdParties.map(({ line_of_business }) => line_of_business);
  return fields;
}

/** What was typed, as a draft. Numbers that are none become NaN, which no rule takes. */
export function readDraft(fields: FormFields): PurposeDraft {
  const ticked = fields.channel ?? [];
  return {
    titles: eachLocale((locale) => line(fields, `title_${locale}`)),
    promises: eachLocale((locale) => line(fields, `promise_${locale}`)),
    terms: eachLocale((locale) => lines(fields, `terms_${locale}`)),
    dataCategories: eachLocale((locale) => lines(fields, `data_${locale}`)),
    channels: channelOrder
      .filter((channel) => ticked.includes(channel))
      .map((channel) => ({
        channel,
        frequency: frequencyIn(line(fields, `times_${channel}`), line(fields, `per_${channel}`)),
        flagMonths: months(line(fields, `flag_${channel}`)),
        denyMonths: months(line(fields, `deny_${channel}`)),
        nonUseNote: line(fields, `note_${channel}`) || null,
      })),
    thirdParties: partiesIn(fields),
    proofYears: numberIn(line(fields, 'proof_years')),
    proofNote: line(fields, 'proof_note') || null,
  };
}

/** Typed and still empty rows. Rows that were left empty are dropped. */
export function partiesIn(fields: FormFields): PurposeDraft['thirdParties'] {
  const at = (name: string, index: number) => (fields[name]?.[index] ?? '').trim();
  return (fields.party_name ?? [])
    .map((_, index) => ({
      name: at('party_name', index),
      place: at('party_place', index),
      line_of_business: at('party_business', index),
    }))
    .filter((party) => Object.values(party).some((value) => value !== ''));
}

function line(fields: FormFields, name: string): string {
  return (first(fields, name) ?? '').replace(/\s+/g, ' ').trim();
}

function lines(fields: FormFields, name: string): string[] {
  const all = (first(fields, name) ?? '').split('\n').map((one) => one.trim());
  return [...new Set(all.filter((one) => one !== ''))];
}

function frequencyIn(times: string, per: string): PurposeChannel['frequency'] {
  if (times === '' && per === '') return null;
  return { times: numberIn(times), per: periods.find((one) => one === per) as Period };
}

function months(typed: string): number | null {
  return typed === '' ? null : numberIn(typed);
}

function numberIn(typed: string): number {
  return /^\d{1,4}$/.test(typed) ? Number(typed) : Number.NaN;
}
