import type { Basis } from '#db/schema.ts';
import { isAfterOpenForms, isBeforeDay } from '#src/consent-texts/text-times.ts';
import { addMonths } from '#src/purposes/months.ts';
import { type Answer, type Asked, type Checks, hasEnded, isUsedUp, no, usedUp } from './answer.ts';
import type { Audience, DecisionFlag, PermissionFacts, PresumedFacts } from './facts.ts';
import { provenBy } from './proof.ts';
import { existingCustomer, legitimateInterest, presumed } from './recorded-grounds.ts';
import { isoOf, timeOf } from './time.ts';

/**
 * Whether one of the recorded bases carries the contact. The permission's own basis is asked first, so that its
 * reason is the one given when none does. A promised end and a promised frequency bind all of them.
 */
export function answerFor(asked: Asked, permission: PermissionFacts, checks: Checks): Answer {
  if (!(permission.grantedAt && timeOf(permission.grantedAt) <= asked.time)) return no('no_permission');
  const recorded = towards(asked, permission.audience);
  const grounds: Record<Basis, () => Answer> = {
    consent: () => consent(recorded, permission, checks),
    existing_customer: () => existingCustomer(recorded, permission, checks),
    presumed: () => presumed(asked, permission, permission.presumed, checks),
    legitimate_interest: () => legitimateInterest(recorded, permission),
  };
  const own = permission.basis && grounds[permission.basis];
  if (!own) return no('no_permission');
  const first = own();
  if (first.allowed) return first;
  const others: (Answer | undefined)[] = [
    permission.existingCustomer && grounds.existing_customer(),
    permission.presumed && grounds.presumed(),
    permission.legitimateInterest && grounds.legitimate_interest(),
  ];
  return others.find((other) => other?.allowed) ?? first;
}

/** The audience of a question never makes of a consumer a business. */
function towards(asked: Asked, recorded: Audience): Asked {
  const { rules, question } = asked;
  return recorded === 'consumer' ? { ...asked, cells: rules.cells[question.channel].consumer } : asked;
}

function consent(asked: Asked, permission: PermissionFacts, checks: Checks): Answer {
  const row = asked.cells.consent;
  if (permission.textVersion !== 'valid') {
    const flags: DecisionFlag[] = permission.textVersion === 'invalid' ? ['text_invalid'] : [];
    return no('evidence_incomplete', { row, missing: ['text_version'], flags });
  }
  const untrue = untrueTime(permission);
  if (untrue) return no('evidence_incomplete', { row, missing: [untrue] });
  const proof = provenBy(row, permission, asked.rules.policy, asked.question.acceptsClaimed !== false);
  if (!proof.ok) return no(proof.denial, { row, law: row.unprovenLaw, missing: proof.missing });
  if (hasEnded(asked, permission)) return no('expired', { row });
  const use = nonUse(asked, permission);
  if (use.lapsed) return no('unused_too_long', { row });
  if (isUsedUp(permission)) return usedUp(row, permission);
  if (proof.as) {
    const answer = presumed(asked, permission, presumedFrom(permission), checks);
    return answer.allowed ? { ...answer, flags: [...answer.flags, ...use.flags, 'as_presumed'] } : answer;
  }
  const conditional: DecisionFlag[] = proof.status === 'conditional' ? ['conditional'] : [];
  return {
    allowed: true,
    basis: 'consent',
    reason: 'consent_active',
    row,
    validUntil: permission.validUntil,
    unusedUntil: use.until,
    flags: [...conditional, ...use.flags],
  };
}

/**
 * Nobody agrees to words before they are in use, nor when no form shows them any more (law.md 6.4, plausibility). A
 * confirmation that was seen here needs no look at the end: its form was open, or it would not have been taken.
 */
function untrueTime({ grantedAt, textLiveFrom, textRetiredAt, evidenceGrade }: PermissionFacts) {
  if (!grantedAt) return undefined;
  if (textLiveFrom && isBeforeDay(grantedAt, textLiveFrom)) return 'captured_before_text';
  if (evidenceGrade === 'A' || !textRetiredAt) return undefined;
  return isAfterOpenForms(grantedAt, textRetiredAt) ? 'captured_after_text' : undefined;
}

function nonUse(asked: Asked, { grantedAt, lastUsedAt }: PermissionFacts) {
  const limits = nonUseLimits(asked);
  if (!limits) return { lapsed: false, until: null, flags: [] };
  const last = Math.max(timeOf(grantedAt ?? ''), lastUsedAt ? timeOf(lastUsedAt) : 0);
  const until = addMonths(last, limits.denyMonths);
  const flags: DecisionFlag[] = asked.time < addMonths(last, limits.flagMonths) ? [] : ['ageing'];
  if (!(asked.time < until)) return { lapsed: true, until: null, flags };
  return { lapsed: false, until: isoOf(until), flags };
}

/** The purpose's own months, never beyond the limit of the rules. */
function nonUseLimits({ question, rules }: Asked) {
  const usual = rules.policy.nonUse[question.channel];
  if (!usual) return null;
  const denyMonths = Math.min(question.nonUse?.denyMonths ?? usual.denyMonths, usual.limitMonths);
  return { denyMonths, flagMonths: Math.min(question.nonUse?.flagMonths ?? usual.flagMonths, denyMonths) };
}

/** The note of an oral consent (who, when, where, the words read out) is the documented reason of law.md 6.3. */
function presumedFrom(permission: PermissionFacts): PresumedFacts {
  return {
    missingEvidence: [],
    recordedAt: permission.grantedAt ?? '',
    reviewBy: null,
    reasonCode: 'concrete_request',
    subject: null,
    productLine: null,
    refusedInEarlierCall: false,
  };
}
