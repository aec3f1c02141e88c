import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facts, PermissionFacts, Question } from '#src/decisions/facts.ts';
import { contactRules } from '#src/decisions/rules.ts';
import { decideQuestion } from './decide-question.ts';
import { customerRecord, presumedRecord } from './facts.ts';

const time = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const recent = fc
  .date({ min: new Date('2025-09-01'), max: new Date('2026-06-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, fc.constantFrom(usual, ...others));
const missing = mostly<string[]>([], ['scan_sha256']);

const records: fc.Arbitrary<PermissionFacts> = fc.record({
  state: mostly<PermissionFacts['state']>('granted', 'none', 'pending', 'refused', 'withdrawn', 'expired'),
  basis: fc.constantFrom('consent', 'existing_customer', 'presumed', 'legitimate_interest', null),
  grantedAt: fc.oneof({ weight: 5, arbitrary: recent }, time, fc.constant(null)),
  validUntil: fc.option(time, { freq: 2 }),
  lastUsedAt: fc.option(time),
  textVersion: mostly<PermissionFacts['textVersion']>('valid', 'invalid', null),
  textLiveFrom: fc.option(time, { freq: 4 }),
  textRetiredAt: fc.option(time, { freq: 4 }),
  audience: mostly<PermissionFacts['audience']>('business', 'consumer'),
  namesAutomaticCalls: fc.boolean(),
  evidenceElsewhere: fc.boolean(),
  evidenceGrade: fc.constantFrom('A', 'claimed', 'B', 'C', 'D', null),
  channelVerified: fc.boolean(),
  confirmedElsewhereOnly: mostly(false, true),
  missingEvidence: missing,
  missing7a: missing,
  frequencyLimit: mostly<number | null>(null, 2),
  usesInFrequencyWindow: fc.nat(3),
  frequencyFreeAt: fc.constant(null),
  existingCustomer: fc.option(
    fc.record({ missingEvidence: missing, saleAt: recent }).map((some) => ({ ...customerRecord, ...some })),
    { nil: undefined },
  ),
  presumed: fc.option(
    fc
      .record({ missingEvidence: missing, recordedAt: recent, refusedInEarlierCall: mostly(false, true) })
      .map((some) => ({ ...presumedRecord, ...some })),
    { nil: undefined },
  ),
  legitimateInterest: fc.option(fc.record({ missingEvidence: missing }), { nil: undefined }),
});

// Grade A says that the channel itself was used. What claims it without that is tried in decide.test.ts.
const permissions = records.map((known) => ({
  ...known,
  channelVerified: known.channelVerified || known.evidenceGrade === 'A' || known.evidenceGrade === 'claimed',
}));

const check = fc.option(fc.record({ at: recent, refused: mostly(false, true) }), { nil: undefined });
const facts: fc.Arbitrary<Facts> = fc.record({
  contactPointValid: mostly(true, false),
  contactPointKnown: mostly(true, false),
  permission: fc.option(permissions, { nil: undefined, freq: 8 }),
  otherPermissions: fc.record({ samePurposeOtherChannel: fc.boolean(), otherPurpose: fc.boolean() }),
  suppressions: fc.oneof(
    { weight: 5, arbitrary: fc.constant<Facts['suppressions']>([]) },
    fc.array(
      fc.record({
        reason: fc.constantFrom<'objection' | 'complaint' | 'bounce'>('objection', 'complaint', 'bounce'),
        at: time,
        until: fc.option(time),
        liftedAt: fc.option(time),
      }),
      { maxLength: 2 },
    ),
  ),
  restricted: mostly(false, true),
  checks: fc.record({ ecg_check: check, star_entry_check: check }),
});

const questions: fc.Arbitrary<Question> = fc.record({
  channel: fc.constantFrom('email', 'sms', 'phone', 'fax', 'post'),
  audience: fc.constantFrom('consumer', 'business', undefined),
  jurisdiction: fc.constantFrom('DE', 'AT', 'CH'),
  at: fc.oneof({ weight: 5, arbitrary: fc.constant('2026-06-01T10:00:00.000Z') }, time),
  purposeKnown: mostly(true, false),
  purposeHasChannel: mostly(true, false),
  productLine: mostly<string | undefined>(undefined, 'drills', 'drill bits', 'chairs'),
  subject: mostly<string | undefined>(undefined, 'the new drill', 'insurance'),
});

const ask = (question: Question, known: Facts) => decideQuestion(question, known, contactRules);
const always = (hold: (question: Question, known: Facts) => void) =>
  fc.assert(fc.property(questions, facts, hold), { numRuns: 5000 });

/** Every way in which a record can come to hold less. */
const losses: ((known: PermissionFacts) => Partial<PermissionFacts>)[] = [
  ({ evidenceGrade }) => ({
    evidenceGrade: ({ A: 'claimed', claimed: 'B', B: 'C', C: 'D', D: null } as const)[evidenceGrade ?? 'D'],
  }),
  () => ({ evidenceGrade: null }),
  () => ({ channelVerified: false }),
  () => ({ confirmedElsewhereOnly: true }),
  () => ({ audience: 'consumer' }),
  () => ({ textVersion: null }),
  () => ({ textVersion: 'invalid' }),
  () => ({ grantedAt: null }),
  () => ({ lastUsedAt: null }),
  () => ({ basis: null }),
  ({ missingEvidence }) => ({ missingEvidence: [...missingEvidence, 'place'] }),
  ({ missing7a }) => ({ missing7a: [...missing7a, 'street'] }),
  () => ({ existingCustomer: undefined }),
  () => ({ presumed: undefined }),
  () => ({ legitimateInterest: undefined }),
  ({ legitimateInterest: record }) => ({ legitimateInterest: record && { missingEvidence: ['source'] } }),
];

describe('for all facts and questions', () => {
  it('an objection always denies', () => {
    always((question, known) => {
      const objection = { reason: 'objection' as const, at: question.at, liftedAt: null };
      const after = ask(question, { ...known, suppressions: [...known.suppressions, objection] });
      expect(after.allowed).toBe(false);
      if (known.contactPointValid && question.purposeKnown) expect(after.reason).toBe('suppressed_objection');
    });
  });

  it('no lost evidence turns a no into a yes', () => {
    always((question, known) => {
      if (!known.permission || ask(question, known).allowed) return;
      for (const loss of losses) {
        const permission = { ...known.permission, ...loss(known.permission) };
        expect(ask(question, { ...known, permission }).allowed).toBe(false);
      }
      expect(ask(question, { ...known, checks: {} }).allowed).toBe(false);
      expect(ask(question, { ...known, permission: undefined }).allowed).toBe(false);
    });
  });

  it('a business is never better protected than a consumer, and the default is consumer', () => {
    always((question, known) => {
      const consumer = ask({ ...question, audience: 'consumer' }, known);
      if (consumer.allowed) expect(ask({ ...question, audience: 'business' }, known).allowed).toBe(true);
      expect(ask({ ...question, audience: undefined }, known)).toEqual(consumer);
    });
  });

  it('a presumed consent only ever allows calls to a business', () => {
    always((question, known) => {
      const { allowed, basis } = ask(question, known);
      if (!allowed || basis !== 'presumed') return;
      expect(question).toMatchObject({ channel: 'phone', audience: 'business' });
      expect(question.jurisdiction).not.toBe('AT');
    });
  });

  it('a yes has its law, its duties and its evidence, a no has its law', () => {
    always((question, known) => {
      const answer = ask(question, known);
      expect(answer.law.length).toBeGreaterThan(0);
      expect(answer.duties.length).toBeGreaterThan(0);
      expect(answer.duties.includes('do_not_contact')).toBe(!answer.allowed);
      const grants = ['consent_active', 'existing_customer', 'presumed_consent', 'legitimate_interest'];
      expect(grants.includes(answer.reason)).toBe(answer.allowed);
      if (!answer.allowed) return;
      const { permission } = known;
      expect(permission?.state).toBe('granted');
      expect(answer.missing).toEqual([]);
      if (answer.basis === 'consent') {
        expect(permission).toMatchObject({ textVersion: 'valid', missingEvidence: [] });
        if (question.channel !== 'post') expect(permission?.evidenceGrade).toMatch(/^(A|claimed|B)$/);
      }
      if (answer.basis === 'existing_customer')
        expect(permission?.existingCustomer?.missingEvidence).toEqual([]);
      if (answer.basis === 'legitimate_interest') expect(question.channel).toBe('post');
    });
  });

  it('deciding twice gives the same answer and changes neither facts nor rules', () => {
    always((question, known) => {
      const before = structuredClone({ question, known });
      expect(ask(question, known)).toEqual(ask(question, known));
      expect({ question, known }).toEqual(before);
    });
  });

  it('the facts cover every kind of yes', () => {
    const seen = new Set(
      fc.sample(fc.tuple(questions, facts), 5000).map(([asked, known]) => ask(asked, known).reason),
    );
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'consent_active',
        'existing_customer',
        'presumed_consent',
        'legitimate_interest',
      ]),
    );
  });
});
