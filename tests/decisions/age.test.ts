import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageOf, nonUseOf, type PermissionTimes, unusedUntil } from '#src/decisions/age.ts';
import type { Question } from '#src/decisions/facts.ts';
import { germanRules } from '#src/decisions/rules.ts';
import { addMonths } from '#src/purposes/months.ts';
import { at, question } from './facts.ts';

const times: PermissionTimes = {
  grantedAt: '2026-03-01T10:00:00.000Z',
  lastUsedAt: null,
  textLiveFrom: null,
  textRetiredAt: null,
  evidenceGrade: 'A',
};
const age = (changes: Partial<PermissionTimes>, asked: Partial<Question> = {}) => {
  const whole = { ...question, ...asked };
  return ageOf(whole.at, nonUseOf(whole, germanRules.policy), { ...times, ...changes });
};

const dates = fc.date({ min: new Date('2019-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });

describe('the age of a consent', () => {
  it.each([
    ['not_given_yet', { grantedAt: null }],
    ['not_given_yet', { grantedAt: '2026-06-01T10:00:00.001Z' }],
    ['in_use', { grantedAt: at }],
    ['captured_before_text', { textLiveFrom: '2026-03-02T00:00:00.000Z' }],
    ['in_use', { textLiveFrom: '2026-03-01T23:59:59.999Z' }],
    ['captured_after_text', { textRetiredAt: '2026-02-22T09:59:59.999Z', evidenceGrade: 'B' }],
    ['in_use', { textRetiredAt: '2026-02-22T10:00:00.000Z', evidenceGrade: 'B' }],
    ['in_use', { textRetiredAt: '2026-02-22T09:59:59.999Z', evidenceGrade: 'A' }],
    ['ageing', { grantedAt: '2025-06-01T10:00:00.000Z' }],
    ['in_use', { grantedAt: '2025-06-01T10:00:00.001Z' }],
    ['unused_too_long', { grantedAt: '2024-06-01T10:00:00.000Z' }],
    ['ageing', { grantedAt: '2024-06-01T10:00:00.001Z' }],
    ['in_use', { grantedAt: '2021-01-01T00:00:00.000Z', lastUsedAt: '2026-05-01T00:00:00.000Z' }],
    ['in_use', { grantedAt: '2026-05-01T00:00:00.000Z', lastUsedAt: '2021-01-01T00:00:00.000Z' }],
  ] as const)('is %s with %o', (expected, changes) => {
    expect(age(changes)).toBe(expected);
  });

  it('never changes on a channel without non-use', () => {
    expect(age({ grantedAt: '2000-01-01T00:00:00.000Z' }, { channel: 'post' })).toBe('in_use');
  });

  it('counts calendar months to the millisecond, whatever months and moment', () => {
    const days = fc.integer({ min: -5 * 86_400_000, max: 5 * 86_400_000 });
    const spans = fc.oneof(days, fc.integer({ min: -2, max: 2 }), fc.integer({ min: -1e11, max: 1e11 }));
    fc.assert(
      fc.property(dates, spans, fc.integer({ min: 1, max: 48 }), (moment, span, months) => {
        const since = addMonths(moment.getTime(), -months) + span;
        const asked = { at: moment.toISOString(), nonUse: { flagMonths: months, denyMonths: months } };
        const passed = addMonths(since, months) <= moment.getTime() ? 'unused_too_long' : 'in_use';
        expect(age({ grantedAt: new Date(since).toISOString() }, asked)).toBe(
          since > moment.getTime() ? 'not_given_yet' : passed,
        );
      }),
      { numRuns: 10_000 },
    );
  });

  it('is exact at the end of a month, where a later grant may end earlier', () => {
    const asked = { at: '2026-02-28T12:00:00.000Z', nonUse: { flagMonths: 24, denyMonths: 24 } };
    const granted = ['2024-02-28T23:30:00.000Z', '2024-02-29T01:00:00.000Z', '2024-02-29T12:00:00.001Z'];
    expect(granted.map((grantedAt) => age({ grantedAt }, asked))).toEqual([
      'in_use',
      'unused_too_long',
      'in_use',
    ]);
  });

  it('reads a time in any spelling, and assumes the worst of an unreadable one', () => {
    expect(age({ grantedAt: '2026-06-01T10:00:00Z' })).toBe('in_use');
    expect(age({ grantedAt: '2026-06-01T12:00:00.001+02:00' })).toBe('not_given_yet');
    expect(age({ grantedAt: '2025-06-01T12:00:00+02:00' })).toBe('ageing');
    expect(age({ grantedAt: 'long ago' })).toBe('not_given_yet');
    expect(age({ lastUsedAt: 'long ago' })).toBe('unused_too_long');
  });

  it('changes at the moment that the answer names', () => {
    const nonUse = nonUseOf(question, germanRules.policy);
    const end = unusedUntil(nonUse, times) ?? '';
    expect(end).toBe('2028-03-01T10:00:00.000Z');
    expect(age({}, { at: new Date(Date.parse(end) - 1).toISOString() })).toBe('ageing');
    expect(age({}, { at: end })).toBe('unused_too_long');
  });
});
