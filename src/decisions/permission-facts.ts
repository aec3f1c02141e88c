import type { Basis } from '#db/schema/vocabulary.ts';
import { foldProductLine } from '#src/controllers/product-line.ts';
import type { PermissionTimes } from './age.ts';
import type { FoundPermission } from './contact-points.ts';
import type { PermissionFacts } from './facts.ts';
import type { Ground } from './ground-record.ts';
import type { CustomerRules } from './load-customer-rules.ts';
import type { TextFacts } from './load-texts.ts';

/** How often a permission was used in the period that its words promise something about. */
export interface UsesInPeriod {
  times: number;
  /** When a rolling period has room again. */
  freeAt?: string;
}

/** A permission as the rules read it: from its row, its text, and what was captured for it. */
export function permissionFacts(
  permission: FoundPermission,
  text: TextFacts | undefined,
  grounds: Ground[],
  { times, freeAt }: UsesInPeriod,
  at: string,
  customerRules: CustomerRules,
): PermissionFacts {
  const newest = (basis: Basis) => grounds.find((ground) => ground.basis === basis);
  const consent = grounds.find(
    (ground) => ground.basis === 'consent' && ground.occurredAt === permission.granted_at,
  );
  const limit = text?.frequency?.times ?? null;
  const usedUp = limit !== null && times >= limit;
  const verified = permission.channel_verified === 1;
  return {
    state: permission.state,
    basis: permission.basis,
    ...permissionTimes(permission, text),
    validUntil: permission.valid_until,
    textVersion: text ? validityOf(text, at) : null,
    audience: audienceOf(permission.basis, permission.basis === 'consent' ? consent : newest('presumed')),
    namesAutomaticCalls: text?.namesAutomaticCalls ?? false,
    evidenceElsewhere: consent?.method === 'phone_recorded' && consent.fileHere === false,
    channelVerified: verified,
    // Nothing was captured, so the only evidence is the click in the mailbox that came with the number.
    confirmedElsewhereOnly: permission.basis === 'consent' && !verified && !consent,
    missingEvidence: consent ? missingOf(consent) : [],
    missing7a: consent?.missing7a ?? [],
    frequencyLimit: limit,
    usesInFrequencyWindow: times,
    frequencyFreeAt: usedUp ? (freeAt ?? text?.frequency?.nextPeriod(at) ?? null) : null,
    existingCustomer: existingCustomer(newest('existing_customer'), permission, customerRules),
    presumed: presumed(newest('presumed')),
    legitimateInterest: legitimateInterest(newest('legitimate_interest')),
  };
}

function validityOf({ invalidatedAt }: TextFacts, at: string): 'valid' | 'invalid' {
  return invalidatedAt && invalidatedAt <= at ? 'invalid' : 'valid';
}

/** What the age of a permission depends on. */
export function permissionTimes(permission: FoundPermission, text: TextFacts | undefined): PermissionTimes {
  return {
    grantedAt: permission.granted_at,
    lastUsedAt: permission.last_used_at,
    textLiveFrom: text?.liveFrom ?? null,
    textRetiredAt: text?.retiredAt ?? null,
    evidenceGrade: permission.evidence_grade,
  };
}

/** A consumer unless recorded as a business. Presumed consents are recorded for businesses only. */
function audienceOf(basis: Basis | null, ground: Ground | undefined): 'consumer' | 'business' {
  return ground?.audience ?? (basis === 'presumed' ? 'business' : 'consumer');
}

/** A scan counts once its file is here. A recording may stay where it was made. */
function missingOf({ missingEvidence, method, fileHere }: Ground): string[] {
  const isScanMissing = fileHere === false && method !== 'phone_recorded';
  return isScanMissing ? [...missingEvidence, 'scan_file'] : missingEvidence;
}

function existingCustomer(
  ground: Ground | undefined,
  { last_used_at }: FoundPermission,
  { similarTo, accounts }: CustomerRules,
) {
  if (!ground) return undefined;
  const { record, missingEvidence } = ground;
  const productLine = foldProductLine(record.productLine ?? '');
  const isSaleMissing = !record.saleAt && record.accountAt && !accounts;
  return {
    missingEvidence: isSaleMissing ? [...missingEvidence, 'sale_id'] : missingEvidence,
    saleAt: record.saleAt ?? record.accountAt ?? '',
    lastUsedAt: last_used_at,
    productLine,
    similarTo: similarTo.get(productLine) ?? [],
  };
}

function presumed(ground: Ground | undefined) {
  if (!ground) return undefined;
  const { record, missingEvidence, occurredAt } = ground;
  return {
    missingEvidence,
    recordedAt: occurredAt,
    reviewBy: null,
    reasonCode: record.reasonCode ?? '',
    subject: record.subject ?? null,
    productLine: record.productLine ? foldProductLine(record.productLine) : null,
    refusedInEarlierCall: false,
  };
}

function legitimateInterest(ground: Ground | undefined) {
  return ground && { missingEvidence: ground.missingEvidence };
}
