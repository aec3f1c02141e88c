import type { EventKind, EventOrigin } from '#db/schema/events.ts';
import type { PersonEventTable } from '#db/schema/person-events.ts';
import type { Basis, EvidenceGrade, PermissionState } from '#db/schema/vocabulary.ts';
import type { GroundRecord } from '#src/decisions/ground-record.ts';
import type { EvidenceContent } from '#src/evidence/record-evidence.ts';
import type { LogPlace } from './log-places.ts';

/** One fact about one permission. */
export interface StoryEvent {
  id: string;
  kind: EventKind;
  /** When it happened, and when it was recorded here. */
  occurredAt: string;
  recordedAt: string;
  permissionId: string;
  /** Counts the events of one permission from 1. */
  number: number;
  /** Before and after this event. */
  from: PermissionState;
  to: PermissionState;
  basis: Basis;
  origin: EventOrigin;
  by: StoryActor;
  grade: EvidenceGrade | null;
  channelVerified: boolean;
  validUntil: string | null;
  /** A `StoryText`. */
  textId: string | null;
  /** A `StoryForm`. */
  formVersionId: string | null;
  /** Mails and events of one request share it. */
  signupId: string | null;
  evidence: StoryEvidence | null;
  /** Every box that was there, and whether this person ticked it. Empty where nothing was shown. */
  boxes: StoryBox[];
  /** What was typed, or entered for the person, as it was. The boxes are not among it. */
  fields: StoryField[];
  /** Of a capture outside the web, an import or another basis than consent. */
  ground: StoryGround | null;
  /** Of a `used` event. */
  use: { campaign: string | null; log: LogPlace[] } | null;
  log: LogPlace[];
}

/** One fact about the person as a whole, or one of their addresses. */
export interface StoryPersonEvent {
  id: string;
  kind: PersonEventTable['kind'];
  occurredAt: string;
  recordedAt: string;
  by: StoryActor;
  contactPointId: string | null;
  register: PersonEventTable['register'];
  /** It stood in the register. Null for a restriction. */
  refused: boolean | null;
  evidence: StoryEvidence | null;
  fields: StoryField[];
  log: LogPlace[];
}

/** Who did it. `name` is the name of the member of staff or of the key. */
export interface StoryActor {
  kind: 'person' | 'system' | 'staff' | 'key' | 'command_line';
  id: string | null;
  name: string | null;
}

/** What the ledger has committed to. */
export interface StoryEvidence {
  id: string;
  /** SHA-256 of `salted`, hex. It stands in the leaf of the event. */
  commitment: string;
  /** The evidence as JSON, with its salt. Null: deleted, or erased. */
  salted: string | null;
  /** The same, parsed. */
  content: EvidenceContent | null;
}

export interface StoryBox {
  /** `{purpose}:{channel}` */
  value: string;
  /** The words beside it, whole. */
  label: string;
  /** Of the label. */
  sha256: string;
  /** `{purpose}/{channel}/{locale}@{major}.{minor}` */
  textVersion: string;
  ticked: boolean;
}

export interface StoryField {
  /** As in the forms, e.g. `email`; of a capture as in the API, e.g. `evidence.signed_at`. */
  name: string;
  value: string;
}

/** What was captured with the permission (law.md 6.4, contract "A capture"). */
export interface StoryGround {
  basis: Basis;
  /** `paper`, `phone_recorded`, `import` …; null where the basis needs none. */
  method: string | null;
  /** When the person agreed, or the fact existed. */
  occurredAt: string;
  audience: 'consumer' | 'business' | null;
  record: GroundRecord;
  missingEvidence: string[];
  /** Missing for § 7a UWG. */
  missing7a: string[];
  /** A `StoryFile`: the scan or recording that it names. */
  fileSha256: string | null;
  /** Since when the file is here. */
  fileAt: string | null;
  /** When it turned out to be recorded wrongly. */
  correctedAt: string | null;
  log: LogPlace[];
}
