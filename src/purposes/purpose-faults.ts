import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { locales } from '#src/i18n/locales.ts';
import { hasNonCharacters, unreadableFault } from '#src/people/hidden-characters.ts';
import type { PurposeChannel, PurposeDraft } from './purpose.ts';
import { nonUseRules, proofYears } from './purpose-policy.ts';

/** What is to be mended: the name of the entry, what is wrong with it, and the numbers of the rule. */
export type PurposeFault = { field: string } & (
  | {
      code:
        | 'missing'
        | 'unreadable'
        | 'no_channel'
        | 'half_frequency'
        | 'never_old'
        | 'half_party'
        | 'party_twice';
    }
  | { code: 'too_long' | 'too_many' | 'times_range'; values: { most: number } }
  | { code: 'over_limit'; values: { limit: number; channel: Channel } }
  | { code: 'months_range'; values: { limit: number } }
  | { code: 'flag_after_deny'; values: { deny: number } }
  | { code: 'note_missing' | 'proof_note_missing'; values: { usual: number } }
  | { code: 'proof_range'; values: { least: number; most: number } }
);

/** Everything at once, in the order of the page. */
export function purposeFaults(draft: PurposeDraft): PurposeFault[] {
  return [
    ...locales.flatMap((locale) => wordFaults(draft, locale)),
    ...(draft.channels.length === 0 ? [{ field: 'channel', code: 'no_channel' } as const] : []),
    ...draft.channels.flatMap(channelFaults),
    ...partyFaults(draft),
    ...proofFaults(draft),
  ];
}

const longestTitle = 100;
const longestPromise = 200;
const longestTerm = 80;
const mostTerms = 50;
const longestNote = 1000;

function wordFaults(draft: PurposeDraft, locale: Locale): PurposeFault[] {
  return [
    ...lineFaults(`title_${locale}`, draft.titles[locale] ?? '', longestTitle),
    ...lineFaults(`promise_${locale}`, draft.promises[locale] ?? '', longestPromise),
    ...listFaults(`terms_${locale}`, draft.terms[locale] ?? []),
    ...listFaults(`data_${locale}`, draft.dataCategories[locale] ?? []),
  ];
}

/** One line that people read: there, short enough, and without characters that hide or turn others. */
export function lineFaults(field: string, text: string, most: number): PurposeFault[] {
  if (text === '') return [{ field, code: 'missing' }];
  if (text.length > most) return [{ field, code: 'too_long', values: { most } }];
  return unreadableFault(text) || hasNonCharacters(text) ? [{ field, code: 'unreadable' }] : [];
}

function listFaults(field: string, terms: string[]): PurposeFault[] {
  if (terms.length > mostTerms) return [{ field, code: 'too_many', values: { most: mostTerms } }];
  return terms.flatMap((term) => lineFaults(field, term, longestTerm)).slice(0, 1);
}

function channelFaults(channel: PurposeChannel): PurposeFault[] {
  const name = channel.channel;
  return [...frequencyFaults(channel), ...nonUseFaults(channel)].map((fault) => ({
    ...fault,
    field: `${fault.field}_${name}`,
  }));
}

function frequencyFaults({ frequency }: PurposeChannel): PurposeFault[] {
  if (!frequency) return [];
  const { times } = frequency;
  if (!frequency.per || Number.isNaN(times)) return [{ field: 'times', code: 'half_frequency' }];
  return isWhole(times, 1, 365) ? [] : [{ field: 'times', code: 'times_range', values: { most: 365 } }];
}

function nonUseFaults({ channel, flagMonths, denyMonths, nonUseNote }: PurposeChannel): PurposeFault[] {
  const rule = nonUseRules[channel];
  if (!rule) {
    return flagMonths === null && denyMonths === null ? [] : [{ field: 'deny', code: 'never_old' }];
  }
  const { limitMonths, denyMonths: usual } = rule;
  if (denyMonths !== null && denyMonths > limitMonths) {
    return [{ field: 'deny', code: 'over_limit', values: { limit: limitMonths, channel } }];
  }
  for (const [field, months] of [['deny', denyMonths] as const, ['flag', flagMonths] as const]) {
    if (months !== null && !isWhole(months, 1, limitMonths)) {
      return [{ field, code: 'months_range', values: { limit: limitMonths } }];
    }
  }
  const deny = denyMonths ?? usual;
  if ((flagMonths ?? Math.min(rule.flagMonths, deny)) > deny) {
    return [{ field: 'flag', code: 'flag_after_deny', values: { deny } }];
  }
  if (deny > usual && !nonUseNote) return [{ field: 'note', code: 'note_missing', values: { usual } }];
  return nonUseNote ? lineFaults('note', nonUseNote, longestNote) : [];
}

function partyFaults({ thirdParties }: PurposeDraft): PurposeFault[] {
  const names = thirdParties.map(({ name }) => name.toLowerCase());
  return thirdParties.flatMap((party, index): PurposeFault[] => {
    const columns = [
      ['party_name', party.name],
      ['party_place', party.place],
      ['party_business', party.line_of_business],
    ] as const;
    const empty = columns.find(([, value]) => value === '');
    if (empty) return [{ field: `${empty[0]}_${index}`, code: 'half_party' }];
    const [faulty] = columns.flatMap(([field, value]) => lineFaults(`${field}_${index}`, value, 120));
    if (faulty) return [faulty];
    const twice = names.indexOf(party.name.toLowerCase()) < index;
    return twice ? [{ field: `party_name_${index}`, code: 'party_twice' }] : [];
  });
}

function proofFaults({ proofYears: years, proofNote }: PurposeDraft): PurposeFault[] {
  const { least, most, usual } = proofYears;
  if (!isWhole(years, least, most)) {
    return [{ field: 'proof_years', code: 'proof_range', values: { least, most } }];
  }
  if (years > usual && !proofNote) {
    return [{ field: 'proof_note', code: 'proof_note_missing', values: { usual } }];
  }
  return proofNote ? lineFaults('proof_note', proofNote, longestNote) : [];
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
