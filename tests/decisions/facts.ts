import type { Facts, PermissionFacts, Question } from '#src/decisions/facts.ts';

export const at = '2026-06-01T10:00:00.000Z';
const granted = '2026-03-01T10:00:00.000Z';

export const question: Question = {
  channel: 'email',
  audience: 'consumer',
  jurisdiction: 'DE',
  at,
  purposeKnown: true,
  purposeHasChannel: true,
};

export const nothingKnown: Facts = {
  contactPointValid: true,
  contactPointKnown: true,
  otherPermissions: { samePurposeOtherChannel: false, otherPurpose: false },
  suppressions: [],
  restricted: false,
  checks: {
    ecg_check: { at: '2026-05-20T08:00:00.000Z', refused: false },
    star_entry_check: { at: '2026-05-20T08:00:00.000Z', refused: false },
  },
};

/** Consent whose owner acted through the channel itself, with a complete record. */
export const verified: PermissionFacts = {
  state: 'granted',
  basis: 'consent',
  grantedAt: granted,
  validUntil: null,
  lastUsedAt: null,
  textVersion: 'valid',
  textLiveFrom: null,
  textRetiredAt: null,
  audience: 'business',
  namesAutomaticCalls: false,
  evidenceElsewhere: false,
  evidenceGrade: 'A',
  channelVerified: true,
  confirmedElsewhereOnly: false,
  missingEvidence: [],
  missing7a: [],
  frequencyLimit: null,
  usesInFrequencyWindow: 0,
  frequencyFreeAt: null,
};

const unverified: PermissionFacts = { ...verified, channelVerified: false };
const noConsent: PermissionFacts = { ...unverified, textVersion: null, evidenceGrade: null };

export const customerRecord = {
  missingEvidence: [],
  saleAt: '2026-02-01T10:00:00.000Z',
  lastUsedAt: null,
  productLine: 'drills',
  similarTo: ['drill bits'],
};

export const existingCustomer: PermissionFacts = {
  ...noConsent,
  basis: 'existing_customer',
  existingCustomer: customerRecord,
};

export const presumedRecord = {
  missingEvidence: [],
  recordedAt: granted,
  reviewBy: null,
  reasonCode: 'concrete_request',
  subject: 'the new drill',
  productLine: 'drills',
  refusedInEarlierCall: false,
};

export const presumed: PermissionFacts = {
  ...noConsent,
  basis: 'presumed',
  presumed: presumedRecord,
};

export const legitimateInterest: PermissionFacts = {
  ...noConsent,
  basis: 'legitimate_interest',
  legitimateInterest: { missingEvidence: [] },
};

/** The columns of law.md 6.2, each as complete as that column can be. */
export const grounds = {
  verified: { permission: verified },
  elsewhere: { permission: { ...unverified, confirmedElsewhereOnly: true } },
  signed: { permission: { ...unverified, evidenceGrade: 'B' } },
  oral: { permission: { ...unverified, evidenceGrade: 'C', missing7a: ['recording_ref'] } },
  customer: { permission: existingCustomer },
  presumed: { permission: presumed },
  interest: { permission: legitimateInterest },
  none: {},
  objection: {
    permission: verified,
    suppressions: [{ reason: 'objection', at: granted, liftedAt: null }],
  },
} satisfies Record<string, Partial<Facts>>;

export function knowing(facts: Partial<Facts>): Facts {
  return { ...nothingKnown, ...facts };
}
