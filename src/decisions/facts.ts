import type { Basis, Channel, EvidenceGrade, PermissionState } from '#db/schema.ts';
import type { Check, Duty, jurisdictions } from './rule-table.ts';

export type Audience = 'consumer' | 'business';
export type Jurisdiction = (typeof jurisdictions)[number];

export interface Question {
  channel: Channel;
  /** Whoever is not known to be a business is a consumer. */
  audience?: Audience;
  jurisdiction: Jurisdiction;
  at: string;
  purposeKnown: boolean;
  purposeHasChannel: boolean;
  /** What the purpose itself sets for this channel, instead of the usual months. Null: as usual. */
  nonUse?: { flagMonths: number | null; denyMonths: number | null };
  /** Whether what another system says it had confirmed may be used. Without it: yes. */
  acceptsClaimed?: boolean;
  /** What the message offers, where it is narrower than the purpose. Without it the purpose speaks. */
  productLine?: string;
  subject?: string;
}

/** What is known, as of `at`, about one contact point and one purpose. Times are ISO text. */
export interface Facts {
  contactPointValid: boolean;
  contactPointKnown: boolean;
  permission?: PermissionFacts;
  /** Granted at `at`. They only tell which kind of "no" it is. */
  otherPermissions: OtherPermissions;
  /** Those that name this address and either this purpose or none. */
  suppressions: SuppressionFacts[];
  /** Art. 18 GDPR. */
  restricted: boolean;
  /** Public registers of refusals, as last looked up for this address. */
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
  /** `invalid` once legal has withdrawn the wording, null when no wording is known. */
  textVersion: 'valid' | 'invalid' | null;
  /** When its words were in use. Null: as far as is known, always and still. */
  textLiveFrom: string | null;
  textRetiredAt: string | null;
  /** Whom it was recorded as. A question can make the answer stricter only. */
  audience: Audience;
  /** The recording that shows it lies in another system. */
  evidenceElsewhere: boolean;
  evidenceGrade: EvidenceGrade | null;
  /** The owner of the address acted through this very channel. */
  channelVerified: boolean;
  /** All that stands behind it is a confirmation elsewhere: a click in a mailbox, for a telephone number. */
  confirmedElsewhereOnly: boolean;
  /** What the method or basis demands as evidence (law.md 6.4, contract) and is not there. */
  missingEvidence: string[];
  /** What § 7a UWG demands and is not there. Counts for calls to consumers only. */
  missing7a: string[];
  /** Null: no frequency was promised. */
  frequencyLimit: number | null;
  usesInFrequencyWindow: number;
  /** When there is room for another use. Null: it is not used up. */
  frequencyFreeAt: string | null;
  existingCustomer?: ExistingCustomerFacts;
  presumed?: PresumedFacts;
  legitimateInterest?: LegitimateInterestFacts;
}

export interface ExistingCustomerFacts {
  /** Of: sale, address from the customer, notice at collection with its text version. */
  missingEvidence: string[];
  saleAt: string;
  lastUsedAt: string | null;
  productLine: string;
  /** Other product lines that a person has approved as similar. */
  similarTo: string[];
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

/** The contract's closed list. */
export type Reason =
  | 'consent_active'
  | 'existing_customer'
  | 'presumed_consent'
  | 'legitimate_interest'
  | 'no_permission'
  | 'no_permission_for_channel'
  | 'no_permission_for_purpose'
  | 'pending_confirmation'
  | 'refused'
  | 'withdrawn'
  | 'expired'
  | 'unused_too_long'
  | 'evidence_incomplete'
  | 'channel_not_verified'
  | 'suppressed_objection'
  | 'suppressed_complaint'
  | 'suppressed_bounce'
  | 'invalid_contact_point'
  | 'unknown_purpose'
  | 'restricted'
  | 'frequency_reached'
  | 'not_similar'
  | 'means_not_covered';

/**
 * `conditional`: lawful while the duties are met. `ageing`: unused for long, still allowed.
 * `as_presumed`: a consent whose proof is thin. `claimed`: another system says that it was confirmed.
 * `evidence_elsewhere`: the recording lies in another system. `text_invalid`: legal has declared its words invalid.
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
  /** Evidence that would have to be added. */
  missing: string[];
}
