import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '#src/decisions/decide.ts';
import { decidingAlike, type LineDecision } from '#src/decisions/decide-alike.ts';
import type { Facts, PermissionFacts, Question } from '#src/decisions/facts.ts';
import { contactRules } from '#src/decisions/rules.ts';
import { at, nothingKnown, question, verified } from './facts.ts';

// Around every moment that some decision as of `at` turns on, and in odd spellings.
const times = fc
  .oneof(
    {
      weight: 8,
      arbitrary: fc.date({ min: new Date('2023-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
    },
    {
      weight: 4,
      arbitrary: fc.integer({ min: -3000, max: 3000 }).map((span) => new Date(Date.parse(at) + span)),
    },
    {
      weight: 4,
      arbitrary: fc
        .integer({ min: -3000, max: 3000 })
        .map((span) => new Date(Date.parse(at) - 365 * 86_400_000 + span)),
    },
  )
  .map((date) => date.toISOString());
const stored = fc.oneof(
  { weight: 9, arbitrary: times },
  { weight: 2, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: times.map((time) => time.replace(/\.\d+Z$/, 'Z')) },
);

const kinds: fc.Arbitrary<PermissionFacts> = fc
  .record({
    state: fc.constantFrom<PermissionFacts['state']>(
      'granted',
      'granted',
      'granted',
      'withdrawn',
      'pending',
      'expired',
    ),
    basis: fc.constantFrom<PermissionFacts['basis']>(
      'consent',
      'consent',
      'existing_customer',
      'presumed',
      'legitimate_interest',
      null,
    ),
    validUntil: fc.option(times, { freq: 3 }),
    evidenceGrade: fc.constantFrom<PermissionFacts['evidenceGrade']>('A', 'A', 'B', 'C', null),
    channelVerified: fc.boolean(),
    textVersion: fc.constantFrom<PermissionFacts['textVersion']>('valid', 'valid', 'invalid', null),
    frequencyLimit: fc.constantFrom(null, 2),
    usesInFrequencyWindow: fc.nat(3),
    frequencyFreeAt: fc.constantFrom(null, '2026-12-01T00:00:00.000Z'),
  })
  .map((kind) => ({ ...verified, ...kind, confirmedElsewhereOnly: !kind.channelVerified }));

const questions: fc.Arbitrary<Question> = fc
  .record({
    channel: fc.constantFrom<Question['channel']>('email', 'sms', 'phone', 'fax', 'post'),
    audience: fc.constantFrom<Question['audience']>('consumer', 'business'),
    jurisdiction: fc.constantFrom<Question['jurisdiction']>('DE', 'AT', 'CH'),
    nonUse: fc.constantFrom(undefined, { flagMonths: 3, denyMonths: 6 }),
  })
  .map((some) => ({ ...question, ...some }));

const line = ({ allowed, reason, law, valid_until }: LineDecision) => ({ allowed, reason, law, valid_until });

describe('decidingAlike', () => {
  it('says of every line what decide says of it, however many alike came before', () => {
    const lines = fc.array(fc.record({ kind: fc.nat(1), grantedAt: stored, lastUsedAt: stored }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(questions, fc.tuple(kinds, kinds), lines, (asked, both, asking) => {
        const decideOne = (index: number, grantedAt: string, lastUsedAt: string) => {
          const permission = both[asking[index]?.kind ?? 0];
          const times = { grantedAt: grantedAt || null, lastUsedAt: lastUsedAt || null };
          const facts: Facts = { ...nothingKnown, permission: permission && { ...permission, ...times } };
          return decide(asked, facts, contactRules);
        };
        const decideAlike = decidingAlike(decideOne);
        for (const [index, { kind, grantedAt, lastUsedAt }] of asking.entries()) {
          const alike = decideAlike(both[kind] ?? both, grantedAt, lastUsedAt, index);
          expect(line(alike)).toEqual(line(decideOne(index, grantedAt, lastUsedAt)));
        }
      }),
      { numRuns: 1500 },
    );
  });

  it('does not take a time for later than it is because it is written without fractions', () => {
    const decideAlike = decidingAlike((_, grantedAt, lastUsedAt) =>
      decide(question, { ...nothingKnown, permission: { ...verified, grantedAt, lastUsedAt } }, contactRules),
    );
    const [before, after] = ['2026-06-01T10:00:00.001Z', '2026-06-01T10:00:01.000Z'];
    const asked = (grantedAt: string, index: number) =>
      decideAlike(verified, grantedAt, '2025-06-01T10:00:00.000Z', index).reason;
    expect(at).toBe('2026-06-01T10:00:00.000Z');
    expect([before, after].map(asked)).toEqual(['no_permission', 'no_permission']);
    expect(asked('2026-06-01T10:00:00Z', 2)).toBe('consent_active');
  });

  it('knows that what was given on a leap day may end before what was given the evening before', () => {
    const asked: Question = {
      ...question,
      at: '2026-02-28T12:00:00.000Z',
      nonUse: { flagMonths: 12, denyMonths: 24 },
    };
    const decideOne = (_: number, grantedAt: string) =>
      decide(asked, { ...nothingKnown, permission: { ...verified, grantedAt } }, contactRules);
    const decideAlike = decidingAlike(decideOne);
    const given = ['2024-02-28T23:30:00.000Z', '2024-03-01T10:00:00.000Z', '2024-02-29T01:00:00.000Z'];
    const reasons = given.map((grantedAt, index) => decideAlike(verified, grantedAt, '', index).reason);
    expect(reasons).toEqual(given.map((grantedAt, index) => decideOne(index, grantedAt).reason));
    expect(reasons).toEqual(['consent_active', 'consent_active', 'unused_too_long']);
  });

  it('decides a handful of times for thousands of lines', () => {
    let decided = 0;
    let atMonthEnds = 0;
    const decideAlike = decidingAlike((_, grantedAt, lastUsedAt) => {
      decided += 1;
      const permission = { ...verified, grantedAt, lastUsedAt: lastUsedAt || null };
      return decide(question, { ...nothingKnown, permission }, contactRules);
    });
    for (let day = 0; day < 5000; day++) {
      const grantedAt = new Date(Date.parse(at) - ((day * 7919) % 5000) * 40_000_000).toISOString();
      decideAlike(verified, grantedAt, '', day);
      if (grantedAt.slice(8, 10) > '28') atMonthEnds += 1;
    }
    expect(decided - atMonthEnds).toBeLessThan(300);
  });
});
