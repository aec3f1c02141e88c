import type { Generated } from 'kysely';
import type { Channel, Locale } from './vocabulary.ts';

/** What the contact is for. `key` is stable and public. */
export interface PurposeTable {
  id: string;
  controller_id: string;
  key: string;
  position: number;
  revision: Generated<number>;
  /** Proof is kept until the end of this many years after the year of the last use or withdrawal. */
  proof_years: Generated<number>;
  /** Why, where it is longer than usual. */
  proof_note: string | null;
  created_at: string;
  retired_at: string | null;
}

export interface PurposeTranslationTable {
  purpose_id: string;
  locale: Locale;
  title: string;
  /** One sentence: what comes and how often. */
  promise: string;
  /** Product lines and contents that the texts may name, a JSON list. */
  terms: Generated<string>;
  /** Which data the purpose uses, a JSON list. */
  data_categories: Generated<string>;
}

export interface PurposeChannelTable {
  purpose_id: string;
  channel: Channel;
  /** What is promised: at most so many contacts a period. */
  frequency_times: number | null;
  frequency_per: Period | null;
  /** After how many months without use a permission is pointed out, and no longer used. Null: the default. */
  flag_months: number | null;
  deny_months: number | null;
  /** Why, where it is longer than the default. */
  non_use_note: string | null;
}

export type Period = 'day' | 'week' | 'fortnight' | 'month' | 'quarter' | 'half_year' | 'year';

/** A third party that receives the data, named with place and line of business. */
export interface PurposeThirdPartyTable {
  id: string;
  purpose_id: string;
  name: string;
  place: string;
  line_of_business: string;
}
