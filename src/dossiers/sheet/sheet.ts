/**
 * What a proof sheet says, in one language: made from a story, shown by the page at the desk and by the PDF, so that both
 * say the same. A sheet is words only; nothing in it depends on when it is made.
 */
import type { Locale } from '#db/schema/vocabulary.ts';
import type { FormDefinition } from '#src/forms/form-definition.ts';

export interface Sheet {
  locale: Locale;
  title: string;
  /** Who and what it is about, in one line. */
  subject: string;
  /** `per_…`, or null for a person. */
  reference: string | null;
  /** In the head of each page. */
  companies: string;
  asOf: string;
  /** ISO. */
  at: string;
  /** One for each permission. */
  parts: SheetPart[];
  timeline: TimelineLine[];
  belief: string[];
  limits: string[];
  annexes: Annex[];
}

/** One permission, as the first page tells it. */
export interface SheetPart {
  title: string;
  /** Where it stands, e.g. "gilt seit …". */
  state: string;
  /** A yes, a no, or neither. */
  mood: 'yes' | 'no' | 'open';
  facts: Fact[];
  /** Null: nobody was asked, so there are none. */
  words: SheetWords | null;
  how: { heading: string; steps: Step[] };
  since: Step[] | string;
}

export interface SheetWords {
  heading: string;
  /** Null: they should be there and are not. */
  quote: { text: string; lang: Locale } | null;
  note: string;
}

export interface Step {
  /** ISO. */
  at: string;
  title: string;
  details: string[];
}

export interface TimelineLine {
  at: string;
  what: string;
  who: string;
  /** Indices of the log. */
  entries: number[];
}

export interface Fact {
  label: string;
  value: string;
  /** A hash, an id. */
  code?: boolean;
}

export interface Annex {
  /** `A`, `B`, … */
  letter: string;
  name: AnnexName;
  title: string;
  blocks: Block[];
}

export const annexNames = [
  'words',
  'form',
  'entries',
  'mails',
  'letters',
  'files',
  'imports',
  'uses',
  'log',
] as const;

export type AnnexName = (typeof annexNames)[number];

export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'facts'; facts: Fact[] }
  /** The words of a consent. */
  | { kind: 'quote'; text: string; lang: Locale }
  /** Kept line by line, as a mail. */
  | { kind: 'verbatim'; text: string; lang?: Locale }
  | Table
  | FormCopy
  | { kind: 'file'; sha256: string; type: string | null };

export interface Table {
  kind: 'table';
  columns: { title: string /** Parts of the width. */; width: number; code?: boolean; time?: boolean }[];
  rows: string[][];
}

/** A form with what one person ticked and typed. */
export interface FormCopy {
  kind: 'form';
  locale: Locale;
  definition: FormDefinition;
  /** As the page printed it, without entries. Null: not kept. */
  html: string | null;
  ticked: string[];
  typed: Record<string, string>;
}
