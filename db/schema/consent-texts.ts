import type { Generated } from 'kysely';
import type { Channel, Locale } from './vocabulary.ts';

/** A consent text: one purpose on one channel in one language. Its wording is in versions. */
export interface ConsentTextTable {
  id: string;
  purpose_id: string;
  channel: Channel;
  locale: Locale;
  /** The version that forms show now. */
  live_version_id: string | null;
}

/** The words themselves. From approval on, triggers refuse every change to them and to who approved what. */
export interface ConsentTextVersionTable {
  id: string;
  text_id: string;
  /** 0 until approval fixes the number; `minor` then only tells drafts of one text apart. */
  major: number;
  minor: number;
  /** Canonical: NFC, single spaces. */
  wording: string;
  /** SHA-256 of the canonical wording, hex. */
  sha256: string;
  state: TextState;
  /** What the words name, frozen with them at approval: a FrozenNames as JSON. */
  names: string;
  approved_at: string | null;
  live_from: string | null;
  retired_at: string | null;
  /** Set by legal: permissions under this version are not usable from then on. */
  invalidated_at: string | null;
  created_at: string;
  /** Null for words that came with the installation. */
  author_id: string | null;
  /** Rises with every change: what was opened at another revision is no longer what is judged. */
  revision: Generated<number>;
  /** The version that the draft began with. */
  based_on_id: string | null;
  /** The kind of change as its author sees it, and the questions of the checklist answered with yes, a JSON list. */
  proposed_change: TextChange | null;
  checklist: Generated<string>;
  author_note: string | null;
  /** What legal decided at approval. */
  decided_change: TextChange | null;
  approved_by: string | null;
  approval_note: string | null;
  /** When scheduled: when it goes live. */
  publish_at: string | null;
  /** Warnings that somebody accepted, and errors that a named person overrode: JSON lists. */
  acknowledged: Generated<string>;
  overrides: Generated<string>;
  /** The wording rules under which the words were last checked. */
  rules_version: string | null;
  /** 1: today's rules would refuse the words; `review_rules` lists which. */
  review_needed: Generated<number>;
  review_rules: string | null;
  invalidated_by: string | null;
  invalid_reason: string | null;
  /** Stopped by one person: nobody is asked with these words, and no open request in them can be confirmed. */
  stopped_at: string | null;
  stopped_by: string | null;
  stop_reason: string | null;
}

export type TextState = 'draft' | 'in_review' | 'approved' | 'scheduled' | 'live' | 'retired' | 'rejected';

export type TextChange = 'editorial' | 'material';

/** The life of a text, step by step. A trigger refuses UPDATE and DELETE; the steps of a discarded draft stay. */
export interface ConsentTextStepTable {
  id: string;
  text_id: string;
  version_id: string;
  kind: TextStepKind;
  at: string;
  /** Null: the system. */
  actor_id: string | null;
  /** The name at that time, so that it can still be read when the person has left. */
  actor_name: string;
  note: string | null;
  /** JSON: what belongs to this kind of step, e.g. the hash that was approved. */
  details: string;
}

export type TextStepKind =
  | 'created'
  | 'edited'
  | 'discarded'
  | 'sent_to_review'
  | 'returned'
  | 'overridden'
  | 'acknowledged'
  | 'approved'
  | 'rejected'
  | 'scheduled'
  | 'unscheduled'
  | 'publish_refused'
  | 'went_live'
  | 'retired'
  | 'stopped'
  | 'resumed'
  | 'invalidated'
  | 'people_told'
  | 'review_needed'
  | 'review_cleared';

/** The notices to people whose consent has words that were declared invalid. A job continues after `after_person`. */
export interface TextNoticeTable {
  version_id: string;
  asked_at: string;
  asked_by: string;
  /** '' before the first. */
  after_person: string;
  mails: number;
  letters: number;
  finished_at: string | null;
}
