import type { Age } from './age.ts';
import { type Answer, deny, denyIncomplete, denyUsedUp, hasEnded, type RuleContext } from './answer.ts';
import type { DecisionFlag, PermissionFacts } from './facts.ts';
import { provenBy } from './proof.ts';

/** The rules of a consent see its age instead of its times, so the answer changes only where the age does. */
type TimelessFacts = Omit<PermissionFacts, 'grantedAt' | 'lastUsedAt'>;

interface Timing {
  age: Age;
  unusedUntil: () => string | null;
  /** The answer when the consent carries the contact only as a presumed one. */
  asPresumed: () => Answer;
}

/** Whether a consent carries the contact. The first reason against it is the answer. */
export function consent(
  context: RuleContext,
  permission: TimelessFacts,
  { age, unusedUntil, asPresumed }: Timing,
): Answer {
  const { rules, question } = context;
  const row = context.cells.consent;
  if (permission.textVersion !== 'valid') {
    const flags: DecisionFlag[] = permission.textVersion === 'invalid' ? ['text_invalid'] : [];
    return deny('evidence_incomplete', { row, missing: ['text_version'], flags });
  }
  if (question.means === 'automatic' && !permission.namesAutomaticCalls) {
    return deny('means_not_covered', { row });
  }
  if (age === 'captured_before_text' || age === 'captured_after_text') return denyIncomplete(row, age);
  const proof = provenBy(row, permission, rules.policy, question.acceptsClaimed !== false);
  if (!proof.ok) return deny(proof.denial, { row, law: row.unprovenLaw, missing: proof.missing });
  if (hasEnded(context, permission)) return deny('expired', { row });
  if (age === 'unused_too_long') return deny('unused_too_long', { row });
  const usedUp = denyUsedUp(row, permission);
  if (usedUp) return usedUp;
  const ageing: DecisionFlag[] = age === 'ageing' ? ['ageing'] : [];
  if (proof.as === 'presumed') {
    const answer = asPresumed();
    return answer.allowed ? { ...answer, flags: [...answer.flags, ...ageing, 'as_presumed'] } : answer;
  }
  const conditional: DecisionFlag[] = proof.status === 'conditional' ? ['conditional'] : [];
  return {
    allowed: true,
    basis: 'consent',
    reason: 'consent_active',
    row,
    validUntil: permission.validUntil,
    unusedUntil: unusedUntil(),
    flags: [...conditional, ...ageing],
  };
}
