import type { Generated } from 'kysely';

/**
 * The data dictionary: every table and column with its meaning. Types only; the SQL is in `migrations/`.
 *
 * Times are ISO-8601 UTC text, flags 0/1, ids UUIDv7 text, JSON is text. What ends in `_enc` is encrypted
 * with the key of the person it belongs to (AES-256-GCM), what ends in `_hash` cannot be turned back.
 */
export interface Schema {
  controllers: ControllerTable;
  privacy_notices: PrivacyNoticeTable;
  purposes: PurposeTable;
  purpose_translations: PurposeTranslationTable;
  purpose_channels: PurposeChannelTable;
  purpose_third_parties: PurposeThirdPartyTable;
  consent_texts: ConsentTextTable;
  consent_text_versions: ConsentTextVersionTable;
  consent_text_steps: ConsentTextStepTable;
  permission_counts: PermissionCountTable;
  permission_count_changes: PermissionCountChangeTable;
  forms: FormTable;
  form_versions: FormVersionTable;
  form_version_pages: FormVersionPageTable;
  form_drafts: FormDraftTable;
  form_switches: FormSwitchesTable;
  paused_boxes: PausedBoxTable;
  text_notices: TextNoticeTable;
  form_test_addresses: FormTestAddressTable;
  form_alarms: FormAlarmTable;
  form_submissions: FormSubmissionTable;
  form_short_links: FormShortLinkTable;
  form_kiosks: FormKioskTable;
  people: PersonTable;
  contact_points: ContactPointTable;
  suppressions: SuppressionTable;
  refusals: RefusalTable;
  signups: SignupTable;
  signup_items: SignupItemTable;
  purged_links: PurgedLinkTable;
  permissions: PermissionTable;
  events: EventTable;
  evidence: EvidenceTable;
  person_events: PersonEventTable;
  mails: MailTable;
  mail_pause: MailPauseTable;
  letters: LetterTable;
  rate_limits: RateLimitTable;
  secret_check: SecretCheckTable;
  jobs: JobTable;
  staff: StaffTable;
  staff_sessions: StaffSessionTable;
  staff_recovery_codes: StaffRecoveryCodeTable;
  staff_tokens: StaffTokenTable;
  audit_entries: AuditEntryTable;
  api_keys: ApiKeyTable;
  idempotency_keys: IdempotencyKeyTable;
  grounds: GroundTable;
  evidence_files: EvidenceFileTable;
  uses: UseTable;
  ledger_queue: LedgerQueueTable;
  ledger_positions: LedgerPositionTable;
  webhooks: WebhookTable;
  webhook_deliveries: WebhookDeliveryTable;
  webhook_news: WebhookNewsTable;
  imports: ImportTable;
  import_parts: ImportPartTable;
  import_lines: ImportLineTable;
  form_days: FormDayTable;
  confirm_delays: ConfirmDelayTable;
  permission_days: PermissionDayTable;
  form_pages: FormPageTable;
  form_sources: FormSourceTable;
  figure_marks: FigureMarkTable;
  figure_progress: FigureProgressTable;
}

export type Channel = 'email' | 'sms' | 'phone' | 'fax' | 'post';
export type Locale = 'de' | 'en';
export type Basis = 'consent' | 'existing_customer' | 'presumed' | 'legitimate_interest';
/**
 * What shows a consent (law.md 6.4). `A`: through the channel itself. `claimed`: another system says so. `B`: signed or
 * recorded. `C`: a note. `D`: a bare claim.
 */
export type EvidenceGrade = 'A' | 'claimed' | 'B' | 'C' | 'D';
export type PermissionState = 'none' | 'pending' | 'granted' | 'refused' | 'withdrawn' | 'expired';
export type EventKind =
  | 'requested'
  | 'confirmed'
  | 'refused'
  | 'cancelled'
  | 'granted'
  | 'withdrawn'
  | 'objected'
  | 'renewed'
  | 'expired'
  | 'superseded'
  | 'imported'
  | 'corrected'
  | 'used';
export type MailKind =
  | 'confirm-signup'
  | 'permissions-changed'
  | 'manage-link'
  | 'staff-invitation'
  | 'staff-password-reset'
  | 'staff-key-waiting';

/** The company that is responsible and named in the texts. */
export interface ControllerTable {
  id: string;
  key: string;
  legal_name: string;
  /** One line: street, postal code and city. */
  address: string;
  country: string;
  /** Where people write to about their data; also the way to withdraw informally. */
  privacy_email: string;
  privacy_url: string;
  privacy_version: string;
  /** The imprint of § 5 DDG, line by line, as mails print it. */
  imprint: string;
  /** 1: a person who has just withdrawn everything gets a mail about it as well. */
  mails_after_withdrawal: number;
  /** 1: what another system says that it had confirmed is not used. */
  refuses_claimed: number;
  /** Rises with each change, so that of two people editing at once the second is told. */
  revision: number;
  created_at: string;
}

/** Every version of a company's privacy notice. The newest that is valid also stands with the company. */
export interface PrivacyNoticeTable {
  id: string;
  controller_id: string;
  version: string;
  url: string;
  valid_from: string;
  /** What changed, for colleagues. */
  note: string | null;
  created_at: string;
}

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

export type Period = 'day' | 'week' | 'fortnight' | 'month' | 'quarter' | 'half_year' | 'year';

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

/** A third party that receives the data, named with place and line of business. */
export interface PurposeThirdPartyTable {
  id: string;
  purpose_id: string;
  name: string;
  place: string;
  line_of_business: string;
}

/** The place of a wording: one purpose on one channel in one language. */
export interface ConsentTextTable {
  id: string;
  purpose_id: string;
  channel: Channel;
  locale: Locale;
  /** The version that forms show now. */
  live_version_id: string | null;
}

export type TextState = 'draft' | 'in_review' | 'approved' | 'scheduled' | 'live' | 'retired' | 'rejected';
export type TextChange = 'editorial' | 'material';

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
  /** What the author takes the change for, and the questions of the checklist answered with yes, a JSON list. */
  proposed_change: TextChange | null;
  checklist: Generated<string>;
  author_note: string | null;
  /** What legal decided at approval. */
  decided_change: TextChange | null;
  approved_by: string | null;
  approval_note: string | null;
  /** When scheduled: when it goes live. */
  publish_at: string | null;
  /** Warnings that somebody read and let stand, and errors that a named person overrode: JSON lists. */
  acknowledged: Generated<string>;
  overrides: Generated<string>;
  /** The wording rules under which the words were last checked. */
  rules_version: string | null;
  /** 1: under the rules of now the words would be refused; `review_rules` lists by which. */
  review_needed: Generated<number>;
  review_rules: string | null;
  invalidated_by: string | null;
  invalid_reason: string | null;
  /** One person stopped it: nobody is asked with these words, and nothing open in them can be confirmed. */
  stopped_at: string | null;
  stopped_by: string | null;
  stop_reason: string | null;
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

/** The life of a text, step by step. A trigger refuses UPDATE and DELETE; the steps of a discarded draft stay. */
export interface ConsentTextStepTable {
  id: string;
  text_id: string;
  version_id: string;
  kind: TextStepKind;
  at: string;
  /** Null: the system. */
  actor_id: string | null;
  /** The name as it was then, so that it can still be read when the person has left. */
  actor_name: string;
  note: string | null;
  /** JSON: what belongs to this kind of step, e.g. the hash that was approved. */
  details: string;
}

/** How many permissions were last settled under which version, by settled state. Triggers keep it true. */
export interface PermissionCountTable {
  text_version_id: string;
  state: string;
  count: number;
}

/** Changes that a job has not added to `permission_counts` yet, so that no two grants wait for one row. */
export interface PermissionCountChangeTable {
  text_version_id: string;
  state: string;
  change: number;
}

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
  /** Put away: its address says that there is no form any more. Never deleted. */
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

/** What is being prepared at the desk: a FormDraft as JSON. Nobody else sees it. */
export interface FormDraftTable {
  form_id: string;
  draft: string;
  /** Rises with each change, so that of two people editing at once the second is told. */
  revision: number;
  changed_at: string;
  /** The name as it was then. */
  changed_by: string;
}

/** How a form is run now. No row: open, the usual limits, no proof of work, no test. */
export interface FormSwitchesTable {
  form_id: string;
  /** While it is closed: what is said instead, by locale, as JSON. Null: the usual sentence. */
  closed_words: string | null;
  /** 1: browsers are asked for a proof of work. */
  proof_of_work: number;
  /** What differs from the usual limits, as JSON. */
  limits: string;
  /** Since when it is in test mode. */
  test_since: string | null;
}

/** Telling people that the words of their consent were declared invalid. A job goes on after `after_person`. */
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

/** A box that a form does not show while its text is stopped or invalid, and shows again when there are words. */
export interface PausedBoxTable {
  form_id: string;
  /** `product-news:email` */
  value: string;
  /** Its place among the boxes of the form. */
  position: number;
  paused_at: string;
  /** The fields of the form with this box, as JSON: some may be asked for this box alone. */
  fields: string;
  /** 1: no other box was left, so the form was closed. */
  closed_form: number;
}

/** Who gets mails from a form in test mode. Gone when the test ends. */
export interface FormTestAddressTable {
  form_id: string;
  lookup_hash: string;
  /** Encrypted with the wrapping key, for it is nobody's contact point. */
  address_enc: string;
  created_at: string;
}

/** A form got many times its usual signups. */
export interface FormAlarmTable {
  form_id: string;
  /** `2026-11-25T01` */
  hour: string;
  signups: number;
  hourly_mean: number;
  raised_at: string;
  /** When somebody at the desk took note. */
  seen_at: string | null;
}

/** Which signup came of a submission, so that sending it again over a bad network does nothing again. */
export interface FormSubmissionTable {
  /** Keyed hash of the form and the random id that the browser gave the submission. */
  key_hash: string;
  signup_id: string;
  expires_at: string;
}

/** `/k/{code}` leads to the form and names where it was seen. */
export interface FormShortLinkTable {
  code: string;
  form_id: string;
  source: string;
  created_at: string;
}

/** A device at a stand. Its pass is its id, signed, and is not stored. */
export interface FormKioskTable {
  id: string;
  form_id: string;
  /** What its signups count as. */
  source: string;
  /** The days on which its pass counts, in Germany, both included: `2026-11-25`. */
  from_day: string;
  to_day: string;
  created_at: string;
  /** When somebody at the desk ended it. */
  ended_at: string | null;
}

/** Whoever stands behind contact points. Without its key nothing personal about them can be read again. */
export interface PersonTable {
  id: string;
  /** The person's data key, wrapped by APP_SECRET. Null once erased. */
  key_wrapped: string | null;
  /** Name, company and the like as last confirmed, JSON. */
  details_enc: string | null;
  locale: Locale;
  created_at: string;
  erased_at: string | null;
}

/** One address on one channel. An e-mail address belongs to one person; a number may stand with several. */
export interface ContactPointTable {
  id: string;
  person_id: string;
  channel: Channel;
  /** Keyed hash of channel and normalised value. Null once erased. */
  lookup_hash: string | null;
  /**
   * By which a no in another spelling finds it: the keyed hash of a door, or of a mailbox without its sub-address.
   * `?`: not worked out yet, for rows older than this column. Null: only its very address finds it.
   */
  wide_hash: string | null;
  value_enc: string | null;
  /** Raised to revoke every manage and unsubscribe link given out so far. */
  link_generation: number;
  /** Where the address came from (origin document: "Herkunft"), e.g. `form:newsletter`. */
  source: string;
  /** When its owner last acted through this very address ("last check"). */
  verified_at: string | null;
  /** When its owner confirmed it, as another system says. */
  claimed_at: string | null;
  created_at: string;
  erased_at: string | null;
}

/** A block that no permission overrides. `not_me` blocks confirmation mails only. */
export interface SuppressionTable {
  id: string;
  channel: Channel;
  lookup_hash: string;
  /** Null: every purpose. */
  purpose_id: string | null;
  reason: 'objection' | 'complaint' | 'bounce' | 'not_me';
  /** Since when it stands. */
  created_at: string;
  until: string | null;
  lifted_at: string | null;
  /** Who told it, where that was another system. */
  source: Generated<string | null>;
  /** When it was written down here, where that was later than when it happened. */
  recorded_at: Generated<string | null>;
  /** The no in another spelling that led to it. Null: the address itself was named. */
  refusal_id: string | null;
}

/**
 * A no to letters as it meets other spellings of the same address (law.md 6.6): keyed hashes only, whether or not the
 * address is known. One no has a row for each way in which its address can be read.
 */
export interface RefusalTable {
  id: string;
  channel: Channel;
  /** The door: postal code, street and house number. */
  place_hash: string;
  /** Keyed hashes of the names, set apart by blanks, as `people/postal-match.ts` keeps them. */
  kept: string;
  /** Keyed hashes of family and company names, to show to a person who may be meant. */
  near: string;
  /** Null: every purpose. */
  purpose_id: string | null;
  /** Lookup hashes that it does not block, set apart by blanks: their own record says no, or a person lifted it. */
  spared: string;
  created_at: string;
}

/** A request that its person still has to confirm by mail. */
export interface SignupTable {
  id: string;
  person_id: string;
  /** The mailbox that has to confirm. */
  contact_point_id: string;
  /** Null for a wish from the preference centre. */
  form_id: string | null;
  form_version_id: string | null;
  locale: Locale;
  origin: EventOrigin;
  /** Capture source, as given in the form's address. */
  source: string | null;
  state: 'open' | 'confirmed' | 'rejected' | 'cancelled' | 'expired';
  requested_at: string;
  expires_at: string;
  /** When an unconfirmed request is deleted with everything that hangs on it. */
  purge_at: string;
  answered_at: string | null;
  /** Rises with each mail; only the newest link works. */
  generation: number;
  /** SHA-256 of the confirm token of this generation. Null: no mail may go out for this request yet. */
  token_hash: string | null;
  /** The hash of the link before: its page says that a newer mail is on its way. */
  replaced_token_hash: string | null;
  /** Until when the six-digit code of the newest mail is taken. */
  code_expires_at: string | null;
  code_tries: number;
  mails_sent: number;
  last_mail_at: string | null;
  /** What the person gave about themself, JSON; becomes `people.details_enc` on confirmation. */
  details_enc: string | null;
  /** The allowed site whose page the form stood on, e.g. `www.muster.example`. Null: our own page. */
  entered_on: string | null;
  /** 1: came while the form was tested. It belongs to nobody who is known, enters no ledger and counts nowhere. */
  test: number;
}

/** A link of a signup that was deleted since, or got two newer links since. */
export interface PurgedLinkTable {
  /** SHA-256 of the confirm token. */
  token_hash: string;
  /** Null for a wish from the preference centre. */
  form_id: string | null;
  locale: Locale;
  forget_at: string;
  /** While the signup is there. Null once it was deleted. */
  signup_id: string | null;
}

export interface SignupItemTable {
  signup_id: string;
  purpose_id: string;
  channel: Channel;
  contact_point_id: string;
  permission_id: string;
  text_version_id: string;
  position: number;
  /** When its signup was confirmed without it, because its text was stopped or invalid then. */
  dropped_at: Generated<string | null>;
}

/** What may be done now. Written by `ledger/append.ts` only; refolding the events gives the same rows. */
export interface PermissionTable {
  id: string;
  contact_point_id: string;
  purpose_id: string;
  channel: Channel;
  state: PermissionState;
  /** The state without the request that is still open: what `pending` falls back to. */
  settled_state: Exclude<PermissionState, 'pending'>;
  pending_signup_id: string | null;
  basis: Basis | null;
  text_version_id: string | null;
  evidence_grade: EvidenceGrade | null;
  /** 1: the owner of the address acted through this very channel. */
  channel_verified: number;
  granted_at: string | null;
  /** Since when the state is what it is. */
  since: string;
  /** The last use that was made in time. */
  last_used_at: string | null;
  valid_until: string | null;
  /** The newest event folded into this row, and how many there are. */
  last_event_id: string;
  event_count: number;
  created_at: string;
}

export type EventOrigin =
  | 'web_form'
  | 'confirmation'
  | 'preference_centre'
  | 'one_click'
  | 'staff'
  | 'api'
  | 'import'
  | 'provider'
  | 'system';

/** One immutable fact. A trigger refuses UPDATE and DELETE. Holds no personal value. */
export interface EventTable {
  id: string;
  kind: EventKind;
  occurred_at: string;
  recorded_at: string;
  permission_id: string;
  /** Counts the events of one permission from 1. Unique, so that no two acts can build on the same state. */
  number: number;
  contact_point_id: string;
  purpose_id: string;
  channel: Channel;
  basis: Basis;
  text_version_id: string | null;
  form_version_id: string | null;
  signup_id: string | null;
  origin: EventOrigin;
  /** `person`, `system`, or the id of a staff member or key. */
  actor: string;
  evidence_grade: EvidenceGrade | null;
  channel_verified: number;
  /**
   * With `used`: when the permission had ended already, by lying unused. Such a use prolongs nothing. A moment after
   * the use is that of a newer one, told before, which counts because of this one.
   */
  valid_until: string | null;
  evidence_id: string | null;
  /** Salted SHA-256 of the evidence, hex; the salt lies in the evidence and dies with it. */
  commitment: string | null;
  /** SHA-256 over every other column, hex. */
  hash: string;
}

/** Public registers of those who want no advertising: the ECG list in Austria, the star in the Swiss directory. */
export type Register = 'ecg' | 'star_entry';

/**
 * One immutable fact about a person rather than about one permission: Art. 18 GDPR, and what a register of refusals
 * said of an address. Part of the ledger: a trigger refuses UPDATE and DELETE. Holds no personal value.
 */
export interface PersonEventTable {
  id: string;
  kind: 'restricted' | 'unrestricted' | 'register_checked';
  person_id: string;
  /** Counts the events of one person from 1. */
  number: number;
  /** The address that was looked up. Null for what is about all of them. */
  contact_point_id: string | null;
  register: Register | null;
  /** 1: it stands in the register. */
  refused: number | null;
  /** When it began to hold. An end of a restriction is announced first, so it may lie ahead. */
  occurred_at: string;
  recorded_at: string;
  actor: string;
  evidence_id: string;
  commitment: string;
  /** SHA-256 over every other column, hex. */
  hash: string;
}

/** What shows an event: an EvidenceContent as JSON, with its salt. Outlives the signup, dies with the person's key. */
export interface EvidenceTable {
  id: string;
  person_id: string;
  kind:
    | 'request'
    | 'confirmation'
    | 'rejection'
    | 'rejection_undone'
    | 'preference_change'
    | 'withdrawal'
    | 'expiry'
    | 'capture'
    | 'correction'
    | 'restriction'
    | 'register_check';
  content_enc: string | null;
  commitment: string;
  created_at: string;
}

/** The outbox and, once sent, the evidence of what was sent. */
export interface MailTable {
  id: string;
  kind: MailKind;
  person_id: string;
  contact_point_id: string;
  signup_id: string | null;
  /** The generation of the signup's link that this mail carries. */
  generation: number | null;
  locale: Locale;
  /** What the mail is rendered from, JSON. */
  params_enc: string;
  /** The mail as sent, less its links and code: a RenderedMail as JSON. Rendered once, at the first attempt. */
  content_enc: string | null;
  state: 'queued' | 'sending' | 'sent' | 'failed' | 'cancelled';
  due_at: string;
  attempts: number;
  /** While `sending`: when another worker may take it over. */
  claimed_until: string | null;
  /**
   * The mails that were handed over in one request whose outcome is unknown. They are handed over together
   * again, so that the provider recognises the request and sends none of them twice.
   */
  batch_id: string | null;
  /** What the provider gave back: its id, and its last answer. */
  provider_id: string | null;
  provider_answer: string | null;
  sent_at: string | null;
  created_at: string;
  /** When it was looked at whether its news has to go out on paper, because it reached nobody. */
  paper_at: string | null;
}

/**
 * The mail queue waits, because the mail server or provider refuses us and not a single recipient. One row with
 * the id 1 while it is paused, otherwise none.
 */
export interface MailPauseTable {
  id: number;
  /** Since when. */
  paused_at: string;
  /** When a single mail is tried again. */
  until: string;
  /** How many tries in a row were refused. */
  times: number;
  /** The last answer, without addresses. */
  reason: string;
}

/** What is told on paper, to whoever has no mailbox: the print queue, and once printed the copy of what was sent. */
export interface LetterTable {
  id: string;
  person_id: string;
  /** On whose paper. A change at two companies is two letters. */
  controller_id: string;
  locale: Locale;
  /** What changed, JSON. While a letter waits, what changes next is told by the same letter. */
  changes_enc: string;
  /** A LetterContent as JSON, written when it is printed: printed again it says the same. */
  content_enc: string | null;
  /** `unaddressed`: nobody knows where to send it; an address that comes later makes it `waiting`. */
  state: 'waiting' | 'unaddressed' | 'printed' | 'sent' | 'cancelled';
  /** What was printed in one go. */
  run_id: string | null;
  printed_at: string | null;
  printed_by: string | null;
  sent_at: string | null;
  sent_by: string | null;
  cancelled_at: string | null;
  cancelled_because: 'told_by_mail' | 'misprinted' | 'not_needed' | 'erased' | null;
  created_at: string;
}

/** Counts within a window. `key_hash` is a keyed hash of the rule and what it counts. */
export interface RateLimitTable {
  key_hash: string;
  count: number;
  resets_at: string;
}

/** One row: which APP_SECRET everything here was encrypted and hashed with. */
export interface SecretCheckTable {
  id: number;
  /** An HMAC with a key derived from APP_SECRET. */
  value: string;
  created_at: string;
}

/** When each job of the process ran last and is due again. */
export interface JobTable {
  name: string;
  due_at: string;
  /** While a process works on it: when another one may take over, and which run of it that is. */
  claimed_until: string | null;
  claimed_by: Generated<string | null>;
  last_run_at: string | null;
  last_outcome: string | null;
}

/** A key of the API. The key itself is shown once and kept nowhere. */
export interface ApiKeyTable {
  id: string;
  name: string;
  /** SHA-256 of the key, hex. */
  key_hash: string;
  last_four: string;
  /** Separated by spaces. */
  scopes: string;
  created_at: string;
  revoked_at: string | null;
  /** To within some minutes. */
  last_used_at: Generated<string | null>;
  /** The member of staff who made it. Null: it was made on the machine itself, by the command line. */
  made_by: Generated<string | null>;
  /** Who else stands for it, where what it may do takes two people. */
  approved_by: Generated<string | null>;
  /** Null: nobody can use it before a second person has approved it. */
  works_since: Generated<string | null>;
}

/** The answer to a write that was sent with an `Idempotency-Key`, kept so that sending it again changes nothing. */
export interface IdempotencyKeyTable {
  /** Of API key, address and `Idempotency-Key`. */
  key_hash: string;
  request_hash: string;
  status: number;
  /** Encrypted with the wrapping key: an answer may name addresses, and nobody's own key covers it. */
  body_enc: string;
  expires_at: string;
}

/** What decisions need to know of a capture. The rest of its evidence is encrypted with the person's key. */
export interface GroundTable {
  event_id: string;
  permission_id: string;
  basis: Basis;
  method: string | null;
  /** When the person said so, or the fact was there. */
  occurred_at: string;
  /** A GroundRecord as JSON: about the offer and the reason, not about the person. */
  record: string;
  /** JSON lists of what is not there (law.md 6.4, and § 7a UWG). */
  missing_evidence: string;
  missing_7a: string;
  /** Whom it was taken down as. Null in what was captured before that was kept, until it is weighed. */
  audience: 'consumer' | 'business' | null;
  /** The SHA-256 of the scan or recording that shows it, where it names one, and since when the file is here. */
  file_sha256: string | null;
  file_at: string | null;
  /** 0: captured before all of the above was looked at, see `weigh-old-captures.ts`. */
  weighed: number;
  /** When it turned out to be taken down wrongly: from then on it carries nothing. */
  corrected_at: string | null;
}

/**
 * A scan or recording. Handed in before anybody names it, it belongs to nobody, has a key of its own and ends after some
 * days; else it is encrypted with the key of its person and goes with it.
 */
export interface EvidenceFileTable {
  id: string;
  person_id: string | null;
  sha256: string;
  type: string;
  size: number;
  /** Null: the key of the person. */
  key_wrapped: string | null;
  content_enc: string;
  created_at: string;
  /** Null once it is somebody's. */
  expires_at: string | null;
}

/** Each contact that was made, for promised frequencies and § 7a UWG. One `used` event each. */
export interface UseTable {
  event_id: string;
  permission_id: string;
  used_at: string;
  campaign: string | null;
}

/** Events that have no place in the change feed yet. A trigger on `events` fills it. */
export interface LedgerQueueTable {
  event_id: string;
}

/** The order in which the change feed tells events: by when they could first be seen, without gaps. */
export interface LedgerPositionTable {
  position: number;
  event_id: string;
}

/** Who works at the desks. Never deleted, so that what they did keeps its name. */
export interface StaffTable {
  id: string;
  /** Normalised; what is typed at sign-in is compared with it. */
  email: string;
  name: string;
  role: 'admin' | 'legal' | 'marketing' | 'agent' | 'auditor';
  /** Whose key encrypts the mails to them; the contact point is found by nobody's address. */
  person_id: string;
  contact_point_id: string;
  /** Argon2id. Null until an invitation is answered. */
  password_hash: string | null;
  totp_secret_enc: string | null;
  /** Null while a second factor is only being set up. */
  totp_confirmed_at: string | null;
  /** The last time step that was used, so that a code works once. */
  totp_last_step: number;
  /** The recovery codes that count, and since when. Codes of an older set are worthless. */
  recovery_set: string | null;
  recovery_set_at: string | null;
  locale: Locale | null;
  created_at: string;
  disabled_at: string | null;
}

export interface StaffSessionTable {
  /** Names the session in the list of one's own; opens nothing. */
  id: string;
  /** SHA-256 of what the cookie holds. */
  session_hash: string;
  staff_id: string;
  expires_at: string;
  created_at: string;
  /** When the password was last typed: approving asks for it again. */
  password_at: string;
  /** 1: the password was right, the second factor is still to come. */
  waits_for_code: number;
  browser: string | null;
}

/** The codes are derived from their set and number; the database cannot tell them. */
export interface StaffRecoveryCodeTable {
  staff_id: string;
  set_id: string;
  number: number;
  /** SHA-256, hex. */
  code_hash: string;
  used_at: string | null;
}

/** Invitations and password resets; the token itself is only in the mail. */
export interface StaffTokenTable {
  id: string;
  staff_id: string;
  kind: 'invitation' | 'password_reset';
  token_hash: string;
  created_at: string;
  expires_at: string;
  used_at: string | null;
}

/** What staff did. A trigger refuses UPDATE and DELETE. */
export interface AuditEntryTable {
  id: string;
  at: string;
  staff_id: string | null;
  /** The name as it was then. */
  staff_name: string;
  act: string;
  subject: string;
  details: string;
}

/** An address that is told about changes (Standard Webhooks). */
export interface WebhookTable {
  id: string;
  url: string;
  /** JSON list of event types. */
  events: string;
  /** Encrypted with the wrapping key. */
  secret_enc: string;
  /** The secret before, with which is signed as well until then. */
  old_secret_enc: string | null;
  old_secret_until: string | null;
  /** Up to where the change feed was turned into deliveries. */
  position: number;
  created_at: string;
  removed_at: string | null;
}

export interface WebhookDeliveryTable {
  id: string;
  webhook_id: string;
  /** The event type, e.g. `permission.granted`. */
  type: string;
  /** JSON as it is sent. No personal data. */
  body: string;
  state: 'due' | 'sent' | 'dead';
  attempts: number;
  due_at: string;
  /** The status of the last answer, or why there was none. */
  last_answer: string | null;
  attempted_at: Generated<string | null>;
  created_at: string;
}

/**
 * What webhooks are still to be told that is no event of the ledger: the id of a suppression, of the event by
 * which a person's data are only kept, or of the step by which a text went live. Triggers fill it.
 */
export interface WebhookNewsTable {
  id: string;
  kind: 'suppression' | 'restriction' | 'text';
  at: string;
}

/** A file of permissions from another system, from its check to its landing. */
export interface ImportTable {
  id: string;
  /** As the file was called. */
  name: string;
  origin: 'staff' | 'api' | 'command_line';
  /** The id of a member of staff or of a key, and its name as it was then. */
  filed_by: string;
  filed_by_name: string;
  filed_at: string;
  /**
   * `mapping`: its columns are still to be matched. `waiting`: checked, until somebody else lets it in. `faulty`:
   * a line of it cannot come in, so none does.
   */
  state: 'mapping' | 'checking' | 'waiting' | 'faulty' | 'landing' | 'landed' | 'discarded';
  rows: number;
  /** Columns of the file that nothing is taken from, a JSON list. */
  ignored: string;
  checked_rows: Generated<number>;
  landed_rows: Generated<number>;
  /** What the check found and, once it landed, what became of the lines. */
  usable: Generated<number>;
  unusable: Generated<number>;
  /** A no, by what it is. */
  no: Generated<number>;
  withdrawn: Generated<number>;
  bounced: Generated<number>;
  complained: Generated<number>;
  /** Something that was said here later stays. */
  older: Generated<number>;
  /** Was here already, with the same evidence. */
  unchanged: Generated<number>;
  /** Another line about the same counts. */
  folded: Generated<number>;
  left_out: Generated<number>;
  refused: Generated<number>;
  /** How many unusable lines there are for each reason of a decision, JSON. */
  short_of: Generated<string>;
  /** Encrypts the lines. Null once they have landed or were discarded, and then nobody can read them again. */
  key_wrapped: string | null;
  released_by: Generated<string | null>;
  released_by_name: Generated<string | null>;
  released_at: Generated<string | null>;
  ended_at: Generated<string | null>;
  /** While a process works on it: when another one may take over, and which run of it that is. */
  claimed_until: Generated<string | null>;
  claimed_by: Generated<string | null>;
  /** A keyed SHA-256 of the file and its mapping, by which a file that is handed in again is recognised. */
  file_mac: Generated<string | null>;
  /** The member of staff who last said what its columns mean. */
  matched_by: Generated<string | null>;
}

/** Some lines of an import. Deleted when it ends. */
export interface ImportPartTable {
  import_id: string;
  number: number;
  rows: number;
  /** A JSON list of ImportRow; while columns are matched, the one part is the file itself, base64. */
  rows_enc: string;
}

/** What is to be said about a line, if anything. Names columns and reasons, never what stood there. */
export interface ImportLineTable {
  import_id: string;
  line: number;
  outcome:
    | 'unusable'
    | 'no'
    | 'withdrawn'
    | 'bounced'
    | 'complained'
    | 'older'
    | 'unchanged'
    | 'folded'
    | 'left_out'
    | 'refused';
  why: string;
}

/** What became of the requests of a day, by form, source and channels. Numbers only: nobody can be found in them. */
export interface FormDayTable {
  /** The day of the request in Germany, `2026-11-25`: each later step counts on the day its request was made. */
  day: string;
  form_id: string;
  /** Capture source; '' for none, `*` for those that are not told apart. */
  source: string;
  /** The channels asked for in their order, `email,phone`; '' where the form was only shown. */
  channels: string;
  shown: number;
  submitted: number;
  /** The mail was taken by the server it was sent to. */
  mailed: number;
  /** Counted in memory, so this one alone may lose a few when a machine fails. */
  opened: number;
  confirmed: number;
  rejected: number;
  expired: number;
  /** Taken back before it was confirmed. */
  cancelled: number;
  /** Refused by the mail server, given up, or bounced. */
  undelivered: number;
}

/** How long people took from request to confirmation, in classes; see `figures/delays.ts`. */
export interface ConfirmDelayTable {
  day: string;
  form_id: string;
  source: string;
  /** Where the class begins. */
  minutes: number;
  confirmed: number;
}

/** Permissions that began and ended on a day. All days together make the permissions that stand now. */
export interface PermissionDayTable {
  day: string;
  /** The form it was given through, also on the day when it ends; '' for other ways. */
  form_id: string;
  source: string;
  purpose_id: string;
  channel: Channel;
  granted: number;
  withdrawn: number;
  expired: number;
}

/** The pages that a form was seen on, without what follows `?` or may name somebody. */
export interface FormPageTable {
  form_id: string;
  /** Address of the page; '' for the form's own, `*` for pages beyond the number that is kept. */
  page: string;
  shown: number;
  submitted: number;
  first_seen_at: string;
  last_seen_at: string;
}

/** The sources that are told apart. */
export interface FormSourceTable {
  form_id: string;
  source: string;
}

/** Steps of signups that the ledger does not tell, until the next round of counting. Triggers fill it. */
export interface FigureMarkTable {
  signup_id: string;
  step: 'mailed' | 'undelivered' | 'cancelled';
}

/** One row: up to which position of the ledger the figures count. */
export interface FigureProgressTable {
  id: number;
  position: number;
}
