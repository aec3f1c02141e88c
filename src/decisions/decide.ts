import type { PermissionState } from '#db/schema/vocabulary.ts';
import { nonUseOf } from './age.ts';
import { type Answer, type Denied, deny, type RuleContext } from './answer.ts';
import type { Audience, Decision, Facts, Question, SuppressionFacts } from './facts.ts';
import { answerByGrounds } from './grounds.ts';
import type { Denial } from './rule-table.ts';
import { cellsFor, type RuleBook, rulesAt } from './rules.ts';
import { isoOf, timeOf } from './time.ts';

/**
 * May we contact this address on this channel for this purpose? Pure: the caller loads the facts, the law is in
 * `rules/*.json`, and this file only knows the order of evaluation (law.md 6.1). The first match decides:
 *
 * 1. the address is invalid, or the purpose is unknown
 * 2. a suppression is in force (objection before complaint before bounce), whatever was granted since
 * 3. processing is restricted
 * 4. the person refused, has not answered yet, or the permission has ended
 * 5. consent, then existing customer, presumed consent and legitimate interest, as far as each is recorded;
 *    the table says which of them carry this channel and audience
 * 6. else no
 *
 * The reason is always the true one. A purpose that does not exist on the channel answers
 * `no_permission_for_channel`: no permission for it can exist. A consent whose text is declared invalid answers
 * `evidence_incomplete` with the flag `text_invalid`: nothing valid shows it.
 *
 * Steps 4 and 5 of law.md 6.1 (transactional messages, minors) are missing: every question is about advertising,
 * and no birth dates are stored.
 */
export function decide(context: RuleContext, facts: Facts): Decision {
  const state = facts.contactPointKnown ? (facts.permission?.state ?? 'none') : 'none';
  const answer = firstMatch(context, facts, state);
  const decision = answer.allowed
    ? {
        allowed: true,
        state,
        basis: answer.basis,
        reason: answer.reason,
        law: answer.row.law,
        duties: answer.row.duties,
        valid_until: answer.validUntil,
        unused_until: answer.unusedUntil,
        allowed_again_at: null,
        flags: answer.flags,
        missing: [],
      }
    : denial(context, facts, state, answer);
  return {
    ...decision,
    flags: [...decision.flags, ...evidenceFlags(facts)],
    jurisdiction: context.question.jurisdiction,
    rules_version: context.rules.version,
  };
}

/** The rules that apply to a question, for any number of addresses. Throws when `at` is not a time. */
export function ruleContext(question: Question, book: RuleBook): RuleContext {
  const time = timeOf(question.at);
  if (Number.isNaN(time)) throw new RangeError(`No decision can be made as of "${question.at}".`);
  const at = isoOf(time);
  const rules = rulesAt(book, question.jurisdiction, at);
  const audience: Audience = question.audience === 'business' ? 'business' : 'consumer';
  return {
    question: { ...question, at },
    time,
    rules,
    cells: cellsFor(rules, question)[audience],
    nonUse: nonUseOf(question, rules.policy),
  };
}

function firstMatch(context: RuleContext, facts: Facts, state: PermissionState): Answer {
  if (!facts.contactPointValid) return deny('invalid_contact_point');
  if (!context.question.purposeKnown) return deny('unknown_purpose');
  const suppression = suppressedBy(facts.suppressions, context.time);
  if (suppression) return deny(suppression);
  if (facts.restricted) return deny('restricted');
  if (!context.question.purposeHasChannel) return deny('no_permission_for_channel');
  const permission = facts.permission;
  if (!permission || state === 'none') return deny(noPermission(facts));
  if (state === 'granted') return answerByGrounds(context, permission, facts.checks ?? {});
  return deny(state === 'pending' ? 'pending_confirmation' : state);
}

function suppressedBy(suppressions: SuppressionFacts[], time: number): Denial | undefined {
  // Negated comparisons: a time that cannot be read leaves the suppression in force.
  const inForce = suppressions.filter(
    ({ at, until, liftedAt }) =>
      !(timeOf(at) > time) && !(until && timeOf(until) <= time) && !(liftedAt && timeOf(liftedAt) <= time),
  );
  for (const reason of ['objection', 'complaint', 'bounce'] as const) {
    if (inForce.some((suppression) => suppression.reason === reason)) return `suppressed_${reason}`;
  }
  return inForce.length > 0 ? 'suppressed_objection' : undefined;
}

function noPermission({ contactPointKnown, otherPermissions }: Facts): Denial {
  if (otherPermissions.samePurposeOtherChannel) return 'no_permission_for_channel';
  return contactPointKnown && otherPermissions.otherPurpose ? 'no_permission_for_purpose' : 'no_permission';
}

function denial(
  context: RuleContext,
  facts: Facts,
  state: PermissionState,
  answer: Denied,
): Omit<Decision, 'jurisdiction' | 'rules_version'> {
  const { law, duties } = context.rules.denials[answer.denial];
  const row = answer.row ?? context.cells.none;
  const permission = facts.contactPointKnown ? facts.permission : undefined;
  return {
    allowed: false,
    state: answer.denial === 'expired' ? 'expired' : state,
    basis: permission?.basis ?? null,
    reason: answer.denial,
    law: [...new Set([...law, ...(answer.law ?? []), ...row.law])],
    duties: ['do_not_contact', ...duties, ...(answer.duties ?? [])],
    valid_until: state === 'granted' || state === 'expired' ? (permission?.validUntil ?? null) : null,
    unused_until: null,
    allowed_again_at: answer.allowedAgainAt ?? null,
    flags: answer.flags,
    missing: answer.missing,
  };
}

/** Where the evidence of a consent comes from, whatever the answer is. */
function evidenceFlags({ permission }: Facts): Decision['flags'] {
  if (permission?.state !== 'granted' || permission.basis !== 'consent') return [];
  return [
    ...(permission.evidenceGrade === 'claimed' ? (['claimed'] as const) : []),
    ...(permission.evidenceElsewhere ? (['evidence_elsewhere'] as const) : []),
  ];
}
