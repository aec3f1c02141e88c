import type { Basis } from '#db/schema/vocabulary.ts';
import { ageOf, unusedUntil } from './age.ts';
import { type Answer, type Checks, deny, type RuleContext } from './answer.ts';
import { consent } from './consent.ts';
import type { PermissionFacts, PresumedFacts } from './facts.ts';
import { existingCustomer, legitimateInterest, presumed } from './recorded-grounds.ts';
import { cellsFor } from './rules.ts';

/**
 * Whether one of the recorded bases carries the contact. The permission's own basis comes first, so that its
 * reason is the answer when no basis carries it. A promised end and a promised frequency bind all of them.
 */
export function answerByGrounds(context: RuleContext, permission: PermissionFacts, checks: Checks): Answer {
  const age = ageOf(context.question.at, context.nonUse, permission);
  if (age === 'not_given_yet') return deny('no_permission');
  const recorded = towardsRecordedAudience(context, permission);
  const timing = {
    age,
    unusedUntil: () => unusedUntil(context.nonUse, permission),
    asPresumed: () => presumed(recorded, permission, oralNote(permission), checks),
  };
  const grounds: Record<Basis, () => Answer> = {
    consent: () => consent(recorded, permission, timing),
    existing_customer: () => existingCustomer(recorded, permission, checks),
    presumed: () => presumed(context, permission, permission.presumed, checks),
    legitimate_interest: () => legitimateInterest(recorded, permission),
  };
  const own = permission.basis && grounds[permission.basis];
  if (!own) return deny('no_permission');
  const first = own();
  if (first.allowed) return first;
  const others: (Answer | undefined)[] = [
    permission.existingCustomer && grounds.existing_customer(),
    permission.presumed && grounds.presumed(),
    permission.legitimateInterest && grounds.legitimate_interest(),
  ];
  return others.find((other) => other?.allowed) ?? first;
}

/** A person who was recorded as a consumer is one, whatever audience the question names. */
function towardsRecordedAudience(context: RuleContext, { audience }: PermissionFacts): RuleContext {
  if (audience !== 'consumer') return context;
  return { ...context, cells: cellsFor(context.rules, context.question).consumer };
}

/** The note of an oral consent (who, when, where, the words read out) is the documented reason of law.md 6.3. */
function oralNote(permission: PermissionFacts): PresumedFacts {
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
