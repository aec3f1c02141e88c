import { isAfterGracePeriod, isBeforeDay } from '#src/consent-texts/text-times.ts';
import { addMonths } from '#src/purposes/months.ts';
import type { PermissionFacts, Question } from './facts.ts';
import type { Policy } from './rule-table.ts';
import { isAtOrBefore, isCanonical, isoOf, timeOf } from './time.ts';

/**
 * All that a decision about a consent depends on in its times. The answer changes at the moments between these words and
 * at no other: when the consent is given, when its text goes live, when the last forms with the text close, and when it
 * has been unused for long or for too long. The first word that applies is the age.
 */
export type Age =
  | 'not_given_yet'
  | 'captured_before_text'
  | 'captured_after_text'
  | 'unused_too_long'
  | 'ageing'
  | 'in_use';

/** The facts that the age depends on. */
export type PermissionTimes = Pick<
  PermissionFacts,
  'grantedAt' | 'lastUsedAt' | 'textLiveFrom' | 'textRetiredAt' | 'evidenceGrade'
>;

/** The months without use that count for a question, and whether a last use is that long ago. */
export interface NonUse {
  denyMonths: number;
  isLong: (lastUsedAt: string) => boolean;
  isTooLong: (lastUsedAt: string) => boolean;
}

/**
 * The age of a consent as of `at`. The rules see the age and not the times, so consents that differ only in their times get
 * the same answer when they have the same age. A new rule about times needs a new word here.
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
 * A person cannot agree to a text before it is live, nor after the last form with it closed (law.md 6.4, plausibility). For
 * grade A only the start is checked: the confirmation happened here, in a form that was open.
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
 * Whether so many months have passed since a moment. Only for moments in one calendar month the day and hour count; for all
 * others comparing texts is enough. An unreadable time counts as long ago.
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
