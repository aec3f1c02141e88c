/**
 * The story of a permission, or of everything about a person, as of a moment. The page at the desk, the PDF and the dossier
 * are made from it. All times are ISO 8601 in UTC; lists are oldest first unless said otherwise.
 */
import type { Basis, Channel, EvidenceGrade, Locale, PermissionState } from '#db/schema/vocabulary.ts';
import type { LogPlace } from './log-places.ts';
import type {
  StoryFile,
  StoryForm,
  StoryImport,
  StoryLetter,
  StoryMail,
  StoryText,
  ThirdParty,
} from './story-documents.ts';
import type { StoryEvent, StoryPersonEvent } from './story-events.ts';

export interface Story {
  /** As of when: what happened later is not in it, though it may be recorded by now. */
  at: string;
  about: 'permission' | 'person';
  person: StoryPerson;
  /** Those that answer for the permissions. */
  controllers: StoryController[];
  /** In the order in which they began. One, where the story is about one permission. */
  permissions: StoryPermission[];
  /** What happened to these permissions, by `occurredAt`. */
  events: StoryEvent[];
  /** Restrictions of processing (Art. 18 GDPR) and looks into registers of refusals, by `occurredAt`. */
  personEvents: StoryPersonEvent[];
  /** Blocks of the person's addresses, also those that were lifted by then. */
  blocks: StoryBlock[];
  /** Mails that were sent, or given up, by `sentAt`. Of one permission: those that asked for it or told about it. */
  mails: StoryMail[];
  letters: StoryLetter[];
  /** Scans and recordings that captures name, stored here or not. */
  files: StoryFile[];
  /** Every version of a text that an event refers to. */
  texts: StoryText[];
  /** Every version of a form that an event refers to, in the language it was shown in. */
  forms: StoryForm[];
  imports: StoryImport[];
  /** The newest signed head of the log when the story was read. Null: the log is not signed here. */
  checkpoint: StoryCheckpoint | null;
  /** Who outside has signed a head with all of these entries. Empty: nobody yet. */
  outside: StoryOutside[];
}

/** A witness, or a time-stamping service (RFC 3161). */
export interface StoryOutside {
  kind: 'witness' | 'stamp';
  /** Of the witness. */
  name: string | null;
  /** When it signed, by its own clock, and how many entries. */
  at: string;
  size: number;
}

export interface StoryCheckpoint {
  origin: string;
  size: number;
  /** Hex. */
  root: string;
  at: string;
  /** The signed note (C2SP tlog-checkpoint). */
  note: string;
}

export interface StoryPerson {
  id: string;
  locale: Locale;
  /** Name, company and postal fields as they were typed by then; the newest of each. Named as the fields of a form. */
  details: Record<string, string>;
  /** Of one permission: its own address and the mailbox that confirmed it. */
  contactPoints: StoryContactPoint[];
}

export interface StoryContactPoint {
  id: string;
  channel: Channel;
  /** As it was typed. */
  value: string;
  /** Normalised, as it is compared. */
  normalised: string;
  /** Where it came from, e.g. `form:newsletter`. */
  source: string;
  createdAt: string;
  /** 16 bytes, hex: with it the commitment in the log can be computed again, see `log/contact-point-entry.ts`. */
  salt: string;
  log: LogPlace[];
}

export interface StoryController {
  id: string;
  key: string;
  legalName: string;
  address: string;
  country: string;
  privacyEmail: string;
  privacyUrl: string;
  /** Every version of its privacy notice that was valid by then. */
  notices: { id: string; version: string; url: string; validFrom: string; log: LogPlace[] }[];
  log: LogPlace[];
}

export interface StoryPurpose {
  id: string;
  key: string;
  /** By language. */
  titles: Record<Locale, string>;
  promises: Record<Locale, string>;
  log: LogPlace[];
}

/** A permission as it was then. */
export interface StoryPermission {
  id: string;
  /** `per_…` */
  publicId: string;
  controllerId: string;
  purpose: StoryPurpose;
  channel: Channel;
  contactPointId: string;
  state: PermissionState;
  /** The state without an open request. */
  settledState: Exclude<PermissionState, 'pending'>;
  since: string;
  basis: Basis | null;
  grade: EvidenceGrade | null;
  /** The owner of the address acted through this channel. */
  channelVerified: boolean;
  grantedAt: string | null;
  lastUsedAt: string | null;
  validUntil: string | null;
  /** The words it rests on: a `StoryText`. */
  textId: string | null;
  /** Who else receives the data: as the words name them, otherwise as the purpose does today. */
  thirdParties: ThirdParty[];
}

export interface StoryBlock {
  id: string;
  channel: Channel;
  /** Key. Null: every purpose. */
  purpose: string | null;
  /** `not_me` blocks confirmation mails only. */
  reason: 'objection' | 'complaint' | 'bounce' | 'not_me';
  since: string;
  until: string | null;
  liftedAt: string | null;
  /** The other system that reported it. */
  source: string | null;
  recordedAt: string | null;
  log: LogPlace[];
}
