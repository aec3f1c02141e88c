import type { Locale } from './vocabulary.ts';

export interface FormTable {
  id: string;
  /** The slug in `/f/{form}`. */
  key: string;
  controller_id: string;
  default_locale: Locale;
  /** JSON list of origins that may embed the form. */
  allowed_origins: string;
  confirm_within_hours: number;
  current_version_id: string | null;
  closed_at: string | null;
  created_at: string;
  /** Archived: its address says that there is no form any more. Never deleted. */
  archived_at: string | null;
}

/** Everything the form shows, frozen: `definition` is a FormDefinition as JSON. Never changed, never deleted. */
export interface FormVersionTable {
  id: string;
  form_id: string;
  number: number;
  definition: string;
  /** SHA-256 of `definition`, hex. */
  sha256: string;
  published_at: string;
}

/** The HTML of a form version in one language, as the page prints it. Never changed, never deleted. */
export interface FormVersionPageTable {
  version_id: string;
  locale: Locale;
  html: string;
  /** Of `html`, hex. It stands in the version's definition as well. */
  sha256: string;
}

/** The draft of a form at the desk: a FormDraft as JSON. It is not published. */
export interface FormDraftTable {
  form_id: string;
  draft: string;
  /** Rises with each change, so that of two people editing at once the second is told. */
  revision: number;
  changed_at: string;
  /** The name as it was then. */
  changed_by: string;
}

/** Which signup came of a submission, so that sending it again over a bad network does nothing again. */
export interface FormSubmissionTable {
  /** Keyed hash of the form and the random id that the browser gave the submission. */
  key_hash: string;
  signup_id: string;
  expires_at: string;
}
