import type { Basis, Channel, EvidenceGrade, PermissionState } from '#db/schema/vocabulary.ts';
import type { Check, Duty, Means, reasons } from './rule-table.ts';

export type Audience = 'consumer' | 'business';
/** ISO 3166, two letters: the country whose law applies. */
export type Jurisdiction = string;

export interface Question {
  channel: Channel;
  /** Without it: consumer. */
  audience?: Audience;
  jurisdiction: Jurisdiction;
  at: string;
  purposeKnown: boolean;
  purposeHasChannel: boolean;
  /** The months that the purpose sets itself for this channel. Null: those of the rules. */
  nonUse?: { flagMonths: number | null; denyMonths: number | null };
  /** Whether confirmations that another system claims count. Without it: yes. */
  acceptsClaimed?: boolean;
  /** Of calls. Without it: a person calls. */
  means?: Means;
  /** What the message offers, folded, where that is narrower than the purpose. */
  productLine?: string;
  subject?: string;
}

/** The facts as of `at` about one contact point and one purpose. Times are ISO text. */
export interface Facts {
  contactPointValid: boolean;
  contactPointKnown: boolean;
  permission?: PermissionFacts;
  /** Granted as of `at`. They only choose the reason of a denial. */
  otherPermissions: OtherPermissions;
  /** Of this address, for this purpose or for every purpose. */
  suppressions: SuppressionFacts[];
  /** Art. 18 GDPR. */
  restricted: boolean;
  /** The last checks of this address in public registers of refusals. */
  checks?: Partial<Record<Check, { at: string; refused: boolean }>>;
}

export interface OtherPermissions {
  samePurposeOtherChannel: boolean;
  otherPurpose: boolean;
}

export interface PermissionFacts {
  state: PermissionState;
  basis: Basis | null;
  grantedAt: string | null;
  validUntil: string | null;
  lastUsedAt: string | null;
  /** `invalid` once legal has declared the wording invalid; null when no wording is recorded. */
  textVersion: 'valid' | 'invalid' | null;
  /** When its words were in use. Null: no limit is recorded. */
  textLiveFrom: string | null;
  textRetiredAt: string | null;
  /** As recorded. The audience of a question can only make the answer stricter. */
  audience: Audience;
  /** Its words name calling machines or artificial voices. */
  namesAutomaticCalls: boolean;
  /** The recording that shows it is in another system. */
  evidenceElsewhere: boolean;
  evidenceGrade: EvidenceGrade | null;
  /** The owner of the address acted through this channel itself. */
  channelVerified: boolean;
  /** The only evidence is a confirmation on another channel: a click in a mailbox, for a telephone number. */
  confirmedElsewhereOnly: boolean;
  /** Evidence that the method or basis requires (law.md 6.4, contract) and that is missing. */
  missingEvidence: string[];
  /** What § 7a UWG requires and that is missing. Counts for calls to consumers only. */
  missing7a: string[];
  /** Null: no frequency was promised. */
  frequencyLimit: number | null;
  usesInFrequencyWindow: number;
  /** When the next use is possible. Null: it is possible now. */
  frequencyFreeAt: string | null;
  existingCustomer?: ExistingCustomerFacts;
  presumed?: PresumedFacts;
  legitimateInterest?: LegitimateInterestFacts;
}

export interface ExistingCustomerFacts {
  /** Of: sale, address from the customer, notice at collection with its text version. */
  missingEvidence: string[];
  /** Or when the account was opened. */
  saleAt: string;
  lastUsedAt: string | null;
  /** Folded. */
  productLine: string;
  /** Other folded product lines that two people have approved as similar. */
  similarTo: readonly string[];
}

export interface PresumedFacts {
  /** Of: reason code, facts of 40 characters, subject, product line, who recorded it. */
  missingEvidence: string[];
  recordedAt: string;
  reviewBy: string | null;
  reasonCode: string;
  /** Null: as wide as the purpose. */
  subject: string | null;
  productLine: string | null;
  refusedInEarlierCall: boolean;
}

export interface LegitimateInterestFacts {
  /** Of: lawful source, documented balancing. */
  missingEvidence: string[];
}

export interface SuppressionFacts {
  reason: 'objection' | 'complaint' | 'bounce';
  at: string;
  until?: string | null;
  liftedAt: string | null;
}

/** The closed list of the contract. */
export type Reason = (typeof reasons)[number];

/**
 * `conditional`: lawful while the duties are met. `ageing`: unused for long, still allowed.
 * `as_presumed`: a consent whose proof carries it only as a presumed one. `claimed`: another system claims that it was confirmed.
 * `evidence_elsewhere`: the recording is in another system. `text_invalid`: legal has declared its words invalid.
 */
export type DecisionFlag =
  | 'conditional'
  | 'ageing'
  | 'as_presumed'
  | 'text_invalid'
  | 'claimed'
  | 'evidence_elsewhere';

export interface Decision {
  allowed: boolean;
  state: PermissionState;
  basis: Basis | null;
  reason: Reason;
  law: readonly string[];
  duties: readonly Duty[];
  /** When the permission ends by its own terms. Null: no end was set. */
  valid_until: string | null;
  /** When it lapses if it stays unused. Null: never, or not allowed now. */
  unused_until: string | null;
  /** When the promised frequency allows the next contact. Null unless the reason is `frequency_reached`. */
  allowed_again_at: string | null;
  flags: DecisionFlag[];
  /** Evidence that must be added. */
  missing: string[];
  /** The country whose law was applied. */
  jurisdiction: Jurisdiction;
  /** The table of that law, e.g. `de@2022-05-28.3f9a12c4`: its first day and the beginning of its SHA-256. */
  rules_version: string;
}
