import type { Basis, PermissionState } from '#db/schema.ts';
import { type Answer, type Asked, no } from './answer.ts';
import type { Audience, Decision, Facts, PermissionFacts, Question, SuppressionFacts } from './facts.ts';
import { answerFor } from './grounds.ts';
import type { Denial } from './rule-table.ts';
import type { RuleBook } from './rules.ts';
import { timeOf } from './time.ts';

/**
 * May we contact this address on this channel for this purpose? Pure: the facts come from whoever asks, the
 * law from `rules/*.json`; this file only knows in which order the questions are put (law.md 6.1). The first
 * hit decides:
 *
 * 1. the address is none, or the purpose is unknown
 * 2. a suppression stands (objection before complaint before bounce), whatever was granted since
 * 3. processing is restricted
 * 4. the person said no, has not answered yet, or the permission has ended
 * 5. consent, then existing customer, presumed consent and legitimate interest, as far as each is recorded;
 *    the table says which of them may carry this channel and audience
 * 6. else no
 *
 * The reason is always the true one. A purpose that does not exist on the channel answers
 * `no_permission_for_channel`: nobody can have given one. A consent whose words legal has declared invalid
 * answers `evidence_incomplete` with the flag `text_invalid`: nothing valid shows it.
 *
 * Steps 4 and 5 of law.md 6.1 (transactional messages, minors) are missing: the question is about advertising
 * only, and no age is kept.
 */
export function decide(question: Question, facts: Facts, rules: RuleBook): Decision {
  const asked = read(question, rules);
  const state = facts.contactPointKnown ? (facts.permission?.state ?? 'none') : 'none';
  return withFlagsOfEvidence(decision(asked, facts, state, answer(asked, facts, state)), facts.permission);
}

/** Whatever the answer about it is, it says where the evidence comes from. */
function withFlagsOfEvidence(answered: Decision, permission: PermissionFacts | undefined): Decision {
  if (permission?.state !== 'granted' || permission.basis !== 'consent') return answered;
  const { evidenceGrade, evidenceElsewhere } = permission;
  if (evidenceGrade === 'claimed') answered.flags = [...answered.flags, 'claimed'];
  if (evidenceElsewhere) answered.flags = [...answered.flags, 'evidence_elsewhere'];
  return answered;
}

function read(question: Question, book: RuleBook): Asked {
  const time = timeOf(question.at);
  if (Number.isNaN(time)) throw new RangeError(`No decision can be made as of "${question.at}".`);
  const rules = book[question.jurisdiction];
  const audience: Audience = question.audience === 'business' ? 'business' : 'consumer';
  return { question, time, rules, cells: rules.cells[question.channel][audience] };
}

function answer(asked: Asked, facts: Facts, state: PermissionState): Answer {
  if (!facts.contactPointValid) return no('invalid_contact_point');
  if (!asked.question.purposeKnown) return no('unknown_purpose');
  const suppression = suppressedBy(facts.suppressions, asked.time);
  if (suppression) return no(suppression);
  if (facts.restricted) return no('restricted');
  if (!asked.question.purposeHasChannel) return no('no_permission_for_channel');
  const permission = facts.permission;
  if (!permission || state === 'none') return no(kindOfNone(facts));
  if (state === 'granted') return answerFor(asked, permission, facts.checks ?? {});
  return no(state === 'pending' ? 'pending_confirmation' : state);
}

function suppressedBy(suppressions: SuppressionFacts[], time: number): Denial | undefined {
  // Put so that a time that cannot be read leaves the suppression in force.
  const standing = suppressions.filter(
    ({ at, until, liftedAt }) =>
      !(timeOf(at) > time) && !(until && timeOf(until) <= time) && !(liftedAt && timeOf(liftedAt) <= time),
  );
  for (const reason of ['objection', 'complaint', 'bounce'] as const) {
    if (standing.some((suppression) => suppression.reason === reason)) return `suppressed_${reason}`;
  }
  return standing.length > 0 ? 'suppressed_objection' : undefined;
}

function kindOfNone({ contactPointKnown, otherPermissions }: Facts): Denial {
  if (otherPermissions.samePurposeOtherChannel) return 'no_permission_for_channel';
  return contactPointKnown && otherPermissions.otherPurpose ? 'no_permission_for_purpose' : 'no_permission';
}

function decision(asked: Asked, facts: Facts, state: PermissionState, given: Answer): Decision {
  const basis: Basis | null = facts.contactPointKnown ? (facts.permission?.basis ?? null) : null;
  if (given.allowed) {
    const { row, reason, validUntil, unusedUntil, flags } = given;
    return {
      allowed: true,
      state,
      basis: given.basis,
      reason,
      law: row.law,
      duties: row.duties,
      valid_until: validUntil,
      unused_until: unusedUntil,
      allowed_again_at: null,
      flags,
      missing: [],
    };
  }
  const denial = asked.rules.denials[given.denial];
  const row = given.row ?? asked.cells.none;
  return {
    allowed: false,
    state: given.denial === 'expired' ? 'expired' : state,
    basis,
    reason: given.denial,
    law: [...new Set([...denial.law, ...(given.law ?? []), ...row.law])],
    duties: ['do_not_contact', ...denial.duties, ...(given.duties ?? [])],
    valid_until: state === 'granted' || state === 'expired' ? (facts.permission?.validUntil ?? null) : null,
    unused_until: null,
    allowed_again_at: given.allowedAgainAt ?? null,
    flags: given.flags,
    missing: given.missing,
  };
}
