import type { TextChange } from '#db/schema/consent-texts.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { FrozenNames } from './frozen-names.ts';
import { ruleLanguage } from './rule-language.ts';
import { companiesIn } from './wording-check/companies.ts';
import { frequencyIn, sameFrequency } from './wording-check/frequency.ts';

/** Questions to the author about a change. One yes makes it material. */
export const checklist = [
  'new_purpose',
  'new_channel',
  'new_controller',
  'new_recipient',
  'wider_products',
  'changed_frequency',
  'longer_period',
] as const;

export type ChecklistItem = (typeof checklist)[number];

/** A change from the live version that is detected automatically. */
export type DetectedChange =
  | 'purpose'
  | 'channel'
  | 'controller'
  | 'recipients'
  | 'products'
  | 'frequency'
  | 'named_companies'
  | 'named_frequency'
  | 'nothing_live';

export interface Words {
  names: FrozenNames;
  wording: string;
  locale: Locale;
}

/** Each detected change makes the version material, whatever the author answered. */
export function detectChanges(live: Words | undefined, next: Words): DetectedChange[] {
  if (!live) return ['nothing_live'];
  return [...changedNames(live.names, next.names), ...changedWords(live, next)];
}

export function mustBeMaterial(seen: DetectedChange[], answered: readonly string[]): boolean {
  return seen.length > 0 || answered.length > 0;
}

function changedNames(before: FrozenNames, after: FrozenNames): DetectedChange[] {
  const differs = <K extends keyof FrozenNames>(key: K, read: (value: FrozenNames[K]) => unknown) =>
    before[key] !== undefined && JSON.stringify(read(before[key])) !== JSON.stringify(read(after[key]));
  const list = (terms: string[] | undefined) => [...(terms ?? [])].sort();
  return [
    ...(differs('purpose', String) ? (['purpose'] as const) : []),
    ...(differs('channel', String) ? (['channel'] as const) : []),
    ...(differs('controller', String) ? (['controller'] as const) : []),
    ...(differs('third_parties', (parties) => list(parties.map(({ name }) => name)))
      ? (['recipients'] as const)
      : []),
    ...(differs('terms', list) ? (['products'] as const) : []),
    ...(differs('frequency', (frequency) => frequency ?? null) ? (['frequency'] as const) : []),
  ];
}

/** Compares the companies and frequencies that the wordings themselves name. */
function changedWords(live: Words, next: Words): DetectedChange[] {
  const companies = ({ wording }: Words) => [...new Set(companiesIn(wording))].sort().join('\n');
  const before = frequencyIn(live.wording, ruleLanguage(live.locale));
  const after = frequencyIn(next.wording, ruleLanguage(next.locale));
  const sameOften = before && after ? sameFrequency(before, after) : before === after;
  return [
    ...(companies(live) === companies(next) ? [] : (['named_companies'] as const)),
    ...(sameOften ? [] : (['named_frequency'] as const)),
  ];
}

/** The version number at approval. The first is 1.0; a material change starts a new major version. */
export function nextNumber(
  numbered: { major: number; minor: number }[],
  live: { major: number } | undefined,
  change: TextChange,
): { major: number; minor: number } {
  const major = Math.max(0, ...numbered.map((version) => version.major));
  if (change === 'material' || !live) return { major: major + 1, minor: 0 };
  const minors = numbered.filter((version) => version.major === live.major).map((version) => version.minor);
  return { major: live.major, minor: Math.max(...minors) + 1 };
}
