import type { Basis } from '#db/schema/vocabulary.ts';
import type { NonUse } from './age.ts';
import type { DecisionFlag, Facts, PermissionFacts, Question, Reason } from './facts.ts';
import type { Denial, Duty, Row, RuleBasis } from './rule-table.ts';
import type { Rules } from './rules.ts';
import { timeOf } from './time.ts';

/** A question with the rules that apply to it. */
export interface RuleContext {
  question: Question;
  /** The moment of the question in milliseconds. */
  time: number;
  rules: Rules;
  /** The rows of the table for the channel and audience of the question. */
  cells: Record<RuleBasis, Row>;
  nonUse: NonUse | null;
}

export type Answer = Allowed | Denied;

export interface Allowed {
  allowed: true;
  basis: Basis;
  reason: Reason;
  row: Row;
  validUntil: string | null;
  unusedUntil: string | null;
  flags: DecisionFlag[];
}

export interface Denied {
  allowed: false;
  denial: Denial;
  /** The row whose law forbids the contact. Without it: the row for "no basis at all". */
  row?: Row;
  law?: string[];
  duties?: Duty[];
  missing: string[];
  flags: DecisionFlag[];
  allowedAgainAt?: string | null;
}

export function deny(denial: Denial, more: Partial<Omit<Denied, 'allowed' | 'denial'>> = {}): Denied {
  return { allowed: false, denial, missing: [], flags: [], ...more };
}

export function denyIncomplete(row: Row, ...missing: string[]): Denied {
  return deny('evidence_incomplete', { row, missing });
}

export type Checks = NonNullable<Facts['checks']>;

/** By its own terms. */
export function hasEnded(
  { time }: RuleContext,
  { validUntil }: Pick<PermissionFacts, 'validUntil'>,
): boolean {
  return validUntil !== null && !(time < timeOf(validUntil));
}

type FrequencyFacts = Pick<PermissionFacts, 'frequencyLimit' | 'usesInFrequencyWindow' | 'frequencyFreeAt'>;

/** A denial when the promised frequency is used up. */
export function denyUsedUp(
  row: Row,
  { frequencyLimit, usesInFrequencyWindow, frequencyFreeAt }: FrequencyFacts,
): Denied | undefined {
  if (frequencyLimit === null || usesInFrequencyWindow < frequencyLimit) return undefined;
  return deny('frequency_reached', { row, allowedAgainAt: frequencyFreeAt });
}
