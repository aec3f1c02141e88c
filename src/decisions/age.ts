import { isAfterGracePeriod, isBeforeDay } from '#src/consent-texts/text-times.ts';
import { addMonths } from '#src/purposes/months.ts';
import type { PermissionFacts, Question } from './facts.ts';
import type { Policy } from './rule-table.ts';
import { isAtOrBefore, isCanonical, isoOf, timeOf } from './time.ts';

/**
 * Each word ends at a moment that changes the answer about a consent: when it is given, when its words come into use, when
 * their last forms close, when it has been unused for long and for too long. The first word that fits is the age.
 */
export type Age =
  | 'not_given_yet'
  | 'captured_before_text'
  | 'captured_after_text'
  | 'unused_too_long'
  | 'ageing'
  | 'in_use';

/** What the age depends on. */
export type PermissionTimes = Pick<
  PermissionFacts,
  'grantedAt' | 'lastUsedAt' | 'textLiveFrom' | 'textRetiredAt' | 'evidenceGrade'
>;

/** When permissions for one purpose on one channel age, as of the moment of the question. */
export interface NonUse {
  denyMonths: number;
  isLong: (lastUsedAt: string) => boolean;
  isTooLong: (lastUsedAt: string) => boolean;
}

/**
 * The age of a consent. The rules look at it instead of the times themselves, so consents that differ in nothing but
 * their times and have the same age get the same answer; a file of a million lines is decided by that.
 */
export function ageOf(at: string, nonUse: NonUse | null, times: PermissionTimes): Age {
  if (!times.grantedAt || !isAtOrBefore(times.grantedAt, at)) return 'not_given_yet';
  const implausible = implausibleCapture(times.grantedAt, times);
  if (implausible) return implausible;
  if (!nonUse) return 'in_use';
  const lastUse = lastUseOf(times);
  if (nonUse.isTooLong(lastUse)) return 'unused_too_long';
  return nonUse.isLong(lastUse) ? 'ageing' : 'in_use';
}

/** When it will be unused for too long. Null: never on this channel. */
export function unusedUntil(nonUse: NonUse | null, times: PermissionTimes): string | null {
  return nonUse && isoOf(addMonths(timeOf(lastUseOf(times)), nonUse.denyMonths));
}

/** Null: permissions on this channel do not age (letters). */
export function nonUseOf(question: Question, policy: Policy): NonUse | null {
  const limits = nonUseMonths(policy.nonUse[question.channel], question.nonUse);
  if (!limits) return null;
  const time = timeOf(question.at);
  return {
    denyMonths: limits.denyMonths,
    isLong: monthsPassedAt(time, limits.flagMonths),
    isTooLong: monthsPassedAt(time, limits.denyMonths),
  };
}

/** The purpose's own months where it sets any, never beyond the limit of the rules. */
export function nonUseMonths(
  usual: Policy['nonUse'][Question['channel']],
  own: Question['nonUse'],
): { flagMonths: number; denyMonths: number } | null {
  if (!usual) return null;
  const denyMonths = Math.min(own?.denyMonths ?? usual.denyMonths, usual.limitMonths);
  return { denyMonths, flagMonths: Math.min(own?.flagMonths ?? usual.flagMonths, denyMonths) };
}

/**
 * Nobody agrees to words before they are in use, nor when no form shows them any more (law.md 6.4, plausibility). A
 * confirmation that was seen here needs no look at the end: its form was open, or it would have been refused.
 */
function implausibleCapture(
  grantedAt: string,
  { textLiveFrom, textRetiredAt, evidenceGrade }: PermissionTimes,
): 'captured_before_text' | 'captured_after_text' | undefined {
  if (textLiveFrom && isBeforeDay(grantedAt, textLiveFrom)) return 'captured_before_text';
  if (evidenceGrade === 'A' || !textRetiredAt) return undefined;
  return isAfterGracePeriod(grantedAt, textRetiredAt) ? 'captured_after_text' : undefined;
}

/** The later one of grant and last use. */
function lastUseOf({ grantedAt, lastUsedAt }: PermissionTimes): string {
  const granted = grantedAt ?? '';
  return lastUsedAt && !isAtOrBefore(lastUsedAt, granted) ? lastUsedAt : granted;
}

/**
 * Tells whether so many months have passed since a moment. Outside of one calendar month its text alone tells; within
 * it the day and the hour count. What is no time passed long ago.
 */
function monthsPassedAt(time: number, months: number): (since: string) => boolean {
  const monthStart = monthsBack(time, months);
  const monthEnd = monthsBack(time, months - 1);
  const isText = isCanonical(monthStart) && isCanonical(monthEnd);
  return (since) => {
    if (isText && isCanonical(since)) {
      if (since < monthStart) return true;
      if (since >= monthEnd) return false;
    }
    return !(time < addMonths(timeOf(since), months));
  };
}

/** The start of the calendar month so many months earlier. */
function monthsBack(time: number, months: number): string {
  const date = new Date(time);
  return isoOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months));
}
