import type { Basis } from '#db/schema.ts';
import type { DecisionFlag, Facts, PermissionFacts, Question, Reason } from './facts.ts';
import type { Denial, Duty, Row, RuleBasis } from './rule-table.ts';
import type { Rules } from './rules.ts';
import { timeOf } from './time.ts';

export interface Asked {
  question: Question;
  time: number;
  rules: Rules;
  cells: Record<RuleBasis, Row>;
}

export type Answer = Yes | No;

export interface Yes {
  allowed: true;
  basis: Basis;
  reason: Reason;
  row: Row;
  validUntil: string | null;
  unusedUntil: string | null;
  flags: DecisionFlag[];
}

export interface No {
  allowed: false;
  denial: Denial;
  /** The row whose law forbids; without it the one for "no basis at all". */
  row?: Row;
  law?: string[];
  duties?: Duty[];
  missing: string[];
  flags: DecisionFlag[];
  allowedAgainAt?: string | null;
}

export function no(denial: Denial, more: Partial<Omit<No, 'allowed' | 'denial'>> = {}): No {
  return { allowed: false, denial, missing: [], flags: [], ...more };
}

export type Checks = NonNullable<Facts['checks']>;

export function incomplete(row: Row, ...missing: string[]): No {
  return no('evidence_incomplete', { row, missing });
}

export function hasEnded({ time }: Asked, { validUntil }: PermissionFacts): boolean {
  return validUntil !== null && !(time < timeOf(validUntil));
}

export function isUsedUp({ frequencyLimit, usesInFrequencyWindow }: PermissionFacts): boolean {
  return frequencyLimit !== null && !(usesInFrequencyWindow < frequencyLimit);
}

export function usedUp(row: Row, { frequencyFreeAt }: PermissionFacts): No {
  return no('frequency_reached', { row, allowedAgainAt: frequencyFreeAt });
}
