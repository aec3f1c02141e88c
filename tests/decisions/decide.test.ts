import { describe, expect, it } from 'vitest';
import type { Facts, PermissionFacts, Question } from '#src/decisions/facts.ts';
import { contactRules } from '#src/decisions/rules.ts';
import { decideQuestion } from './decide-question.ts';
import {
  at,
  customerRecord,
  existingCustomer,
  grounds,
  knowing,
  legitimateInterest,
  presumed,
  presumedRecord,
  question,
  verified,
} from './facts.ts';
import { germanRulesWith } from './german-policy.ts';

const ask = (facts: Partial<Facts>, asked: Partial<Question> = {}, rules = contactRules) =>
  decideQuestion({ ...question, ...asked }, knowing(facts), rules);
const withPermission = (changes: Partial<PermissionFacts>) => ({ permission: { ...verified, ...changes } });

describe('the order of evaluation', () => {
  type Case = { asked: Question; facts: Facts };
  const permission = (changes: Partial<PermissionFacts>) => (one: Case) => {
    one.facts.permission = { ...verified, ...one.facts.permission, ...changes };
  };
  const lift = (reason: string) => (one: Case) => {
    one.facts.suppressions = one.facts.suppressions.filter((suppression) => suppression.reason !== reason);
  };
  /** Everything is wrong at once. Each line says what is answered, and then puts that one thing right. */
  const faults: [string, (one: Case) => unknown][] = [
    ['invalid_contact_point', ({ facts }) => Object.assign(facts, { contactPointValid: true })],
    ['unknown_purpose', ({ asked }) => Object.assign(asked, { purposeKnown: true })],
    ['suppressed_objection', lift('objection')],
    ['suppressed_complaint', lift('complaint')],
    ['suppressed_bounce', lift('bounce')],
    ['restricted', ({ facts }) => Object.assign(facts, { restricted: false })],
    ['no_permission_for_channel', ({ asked }) => Object.assign(asked, { purposeHasChannel: true })],
    ['withdrawn', permission({ state: 'refused' })],
    ['refused', permission({ state: 'pending' })],
    ['pending_confirmation', permission({ state: 'granted' })],
    ['evidence_incomplete +text_invalid: text_version', permission({ textVersion: 'valid' })],
    ['channel_not_verified: proof_ref', permission({ channelVerified: true })],
    ['evidence_incomplete: proof_ref', permission({ missingEvidence: [] })],
    ['expired', permission({ validUntil: null })],
    ['unused_too_long', permission({ grantedAt: '2026-03-01T10:00:00.000Z' })],
    ['frequency_reached', permission({ usesInFrequencyWindow: 3 })],
    ['consent_active', () => {}],
  ];

  it('answers with the first obstacle, and never with yes before the last one is gone', () => {
    const one: Case = {
      asked: { ...question, purposeKnown: false, purposeHasChannel: false },
      facts: knowing({
        contactPointValid: false,
        restricted: true,
        suppressions: (['bounce', 'complaint', 'objection'] as const).map((reason) => ({
          reason,
          at: '2026-01-01T00:00:00.000Z',
          liftedAt: null,
        })),
        permission: {
          ...verified,
          state: 'withdrawn',
          textVersion: 'invalid',
          channelVerified: false,
          missingEvidence: ['proof_ref'],
          validUntil: '2026-05-31T00:00:00.000Z',
          grantedAt: '2022-01-01T00:00:00.000Z',
          frequencyLimit: 4,
          usesInFrequencyWindow: 4,
        },
      }),
    };
    const said = faults.map(([, putRight]) => {
      const { reason, flags, missing, allowed } = decideQuestion(one.asked, one.facts, contactRules);
      expect(allowed).toBe(reason === 'consent_active');
      putRight(one);
      return [reason, ...flags.map((flag) => ` +${flag}`), missing.length ? `: ${missing.join()}` : ''].join(
        '',
      );
    });
    expect(said).toEqual(faults.map(([fault]) => fault));
  });

  it('ignores a permission that is granted later', () => {
    expect(ask(withPermission({ grantedAt: '2026-06-02T00:00:00.000Z' })).reason).toBe('no_permission');
  });

  it('accepts no unknown basis', () => {
    expect(ask(withPermission({ basis: null }))).toMatchObject({ allowed: false, reason: 'no_permission' });
  });

  it('distinguishes an unknown address, another purpose and another channel', () => {
    const others = (samePurposeOtherChannel: boolean, otherPurpose: boolean) => ({
      otherPermissions: { samePurposeOtherChannel, otherPurpose },
    });
    expect(ask({ contactPointKnown: false }).reason).toBe('no_permission');
    expect(ask(others(false, true)).reason).toBe('no_permission_for_purpose');
    expect(ask(others(true, true)).reason).toBe('no_permission_for_channel');
    expect(ask({ ...withPermission({ state: 'none' }), ...others(false, true) })).toMatchObject({
      state: 'none',
      reason: 'no_permission_for_purpose',
    });
  });

  it('ignores a permission of an unknown address', () => {
    expect(ask({ ...withPermission({}), contactPointKnown: false })).toMatchObject({
      allowed: false,
      state: 'none',
      basis: null,
    });
  });

  it('refuses to answer for an unreadable time', () => {
    expect(() => ask({}, { at: 'yesterday' })).toThrow('No decision can be made as of "yesterday".');
  });
});

describe('a suppression', () => {
  const objection = { reason: 'objection' as const, at: '2026-03-01T00:00:00.000Z', liftedAt: null };
  const suppressed = (changes: object, asked: Partial<Question> = {}) =>
    ask({ ...withPermission({}), suppressions: [{ ...objection, ...changes }] }, asked).reason;

  it('holds against a newer consent until it is lifted', () => {
    expect(suppressed({})).toBe('suppressed_objection');
    expect(suppressed({ liftedAt: '2026-05-01T00:00:00.000Z' })).toBe('consent_active');
    expect(suppressed({ liftedAt: '2026-07-01T00:00:00.000Z' })).toBe('suppressed_objection');
    expect(suppressed({ until: at })).toBe('consent_active');
  });

  it('does not count in a question about an earlier time', () => {
    expect(suppressed({}, { at: '2026-03-01T10:00:00.000Z' })).toBe('suppressed_objection');
    expect(suppressed({ at: '2026-06-01T10:00:00.001Z' })).toBe('consent_active');
  });

  it('stays in force when its times cannot be read', () => {
    expect(suppressed({ at: '?' })).toBe('suppressed_objection');
    expect(suppressed({ liftedAt: '?' })).toBe('suppressed_objection');
  });
});

describe('an unused permission', () => {
  // Months without use after which it is flagged, and after which it is denied (law.md 8).
  it.each([
    ['email', 12, 24],
    ['sms', 6, 24],
    ['phone', 6, 24],
    ['fax', 6, 12],
  ] as const)('on %s is flagged after %i and denied after %i months', (channel, flagged, denied) => {
    const unusedFor = (months: number, milliseconds: number) => {
      const then = new Date('2026-01-15T10:00:00.000Z');
      then.setUTCMonth(then.getUTCMonth() + months);
      const asked = { channel, at: new Date(then.getTime() + milliseconds).toISOString() };
      const { reason, flags } = ask(withPermission({ grantedAt: '2026-01-15T10:00:00.000Z' }), asked);
      return [reason, ...flags];
    };
    expect(unusedFor(flagged, -1)).toEqual(['consent_active']);
    expect(unusedFor(flagged, 0)).toEqual(['consent_active', 'ageing']);
    expect(unusedFor(denied, -1)).toEqual(['consent_active', 'ageing']);
    expect(unusedFor(denied, 0)).toEqual(['unused_too_long']);
  });

  it('counts calendar months, the shorter ones to their last day', () => {
    const leapDay = withPermission({ grantedAt: '2024-02-29T00:00:00.000Z' });
    expect(ask(leapDay, { at: '2025-03-01T00:00:00.000Z' }).unused_until).toBe('2026-02-28T00:00:00.000Z');
  });

  it('starts anew after a use, and never ages by post', () => {
    const old = { grantedAt: '2010-01-01T00:00:00.000Z' };
    expect(ask(withPermission({ ...old, lastUsedAt: '2026-05-01T00:00:00.000Z' })).flags).toEqual([]);
    expect(ask(withPermission(old), { channel: 'post' })).toMatchObject({
      allowed: true,
      unused_until: null,
    });
  });

  it('says until when it may stay unused', () => {
    expect(ask(withPermission({ grantedAt: '2024-08-31T00:00:00.000Z' }))).toMatchObject({
      valid_until: null,
      unused_until: '2026-08-31T00:00:00.000Z',
      flags: ['ageing'],
    });
  });
});

describe('an existing customer', () => {
  const buying = (changes: object, asked: Partial<Question> = {}, facts: Partial<Facts> = {}) =>
    ask(
      {
        permission: { ...existingCustomer, existingCustomer: { ...customerRecord, ...changes } },
        ...facts,
      },
      asked,
    );

  it('may be told about similar goods only', () => {
    expect(buying({}, { productLine: 'drills' }).reason).toBe('existing_customer');
    expect(buying({}, { productLine: 'drill bits' }).reason).toBe('existing_customer');
    expect(buying({}, { productLine: 'garden chairs' }).reason).toBe('not_similar');
  });

  it('needs each of the four conditions', () => {
    expect(buying({ missingEvidence: ['notice_shown_at'] })).toMatchObject({
      reason: 'evidence_incomplete',
      missing: ['notice_shown_at'],
    });
    expect(ask({ permission: { ...existingCustomer, existingCustomer: undefined } }).reason).toBe(
      'evidence_incomplete',
    );
    expect(buying({ saleAt: '2026-06-02T00:00:00.000Z' }).reason).toBe('evidence_incomplete');
  });

  it('ends 24 months after the sale or the last mail', () => {
    const lastSale = { saleAt: '2024-06-01T10:00:00.000Z' };
    expect(buying(lastSale).reason).toBe('unused_too_long');
    expect(buying({ ...lastSale, lastUsedAt: '2024-06-01T10:00:00.001Z' }).reason).toBe('existing_customer');
  });

  it('in Austria needs a check of the ECG list within 30 days', () => {
    const listed = (date: string, refused: boolean) =>
      buying({}, { jurisdiction: 'AT' }, { checks: { ecg_check: { at: date, refused } } });
    expect(listed('2026-05-02T10:00:00.000Z', false).reason).toBe('existing_customer');
    expect(listed('2026-05-02T09:59:59.999Z', false)).toMatchObject({
      reason: 'evidence_incomplete',
      missing: ['ecg_check'],
    });
    expect(listed('2020-01-01T00:00:00.000Z', true).reason).toBe('suppressed_objection');
    expect(buying({}, { jurisdiction: 'AT' }, { checks: {} }).duties).toContain('ecg_check');
  });

  it('may get text messages only where an operator takes the disputed view', () => {
    const DE = germanRulesWith({ allowDisputed: true });
    expect(buying({}, { channel: 'sms' }).reason).toBe('no_permission_for_channel');
    const permission = { permission: existingCustomer };
    expect(ask(permission, { channel: 'sms' }, { ...contactRules, DE: [DE] }).reason).toBe(
      'existing_customer',
    );
  });
});

describe('a presumed consent', () => {
  const calling = (changes: object, asked: Partial<Question> = {}, facts: Partial<Facts> = {}) =>
    ask(
      { permission: { ...presumed, presumed: { ...presumedRecord, ...changes } }, ...facts },
      { channel: 'phone', audience: 'business', ...asked },
    );

  it('holds twelve months, or until its review', () => {
    expect(calling({})).toMatchObject({
      reason: 'presumed_consent',
      valid_until: '2027-03-01T10:00:00.000Z',
    });
    expect(calling({ recordedAt: '2025-06-01T10:00:00.000Z' })).toMatchObject({
      reason: 'expired',
      state: 'expired',
    });
    expect(calling({ reviewBy: at }).reason).toBe('expired');
  });

  it('covers the recorded subject only, and ends with a refusal', () => {
    expect(calling({}, { subject: 'the new drill', productLine: 'drills' }).reason).toBe('presumed_consent');
    expect(calling({}, { subject: 'insurance' }).reason).toBe('no_permission_for_purpose');
    expect(calling({}, { productLine: 'garden chairs' }).reason).toBe('not_similar');
    expect(calling({ refusedInEarlierCall: true }).reason).toBe('refused');
    expect(calling({ missingEvidence: ['facts'] }).reason).toBe('evidence_incomplete');
  });

  it('in Switzerland needs a check of the directory, unless there is a business relation', () => {
    const swiss = { jurisdiction: 'CH' } as const;
    expect(calling({}, swiss, { checks: {} }).missing).toEqual(['star_entry_check']);
    expect(calling({ reasonCode: 'existing_business_relation' }, swiss, { checks: {} }).allowed).toBe(true);
  });

  it('replaces an oral consent with a note, for twelve months', () => {
    const oral = grounds.oral.permission;
    const business = { channel: 'phone', audience: 'business' } as const;
    expect(ask({ permission: oral }, business)).toMatchObject({
      basis: 'presumed',
      flags: ['conditional', 'as_presumed'],
      valid_until: '2027-03-01T10:00:00.000Z',
    });
    expect(ask({ permission: { ...oral, grantedAt: '2025-05-01T00:00:00.000Z' } }, business).reason).toBe(
      'expired',
    );
  });

  it('allows a call that an e-mail confirmation does not', () => {
    const both = { ...grounds.elsewhere.permission, presumed: presumedRecord };
    const business = { channel: 'phone', audience: 'business' } as const;
    expect(ask({ permission: both }, business)).toMatchObject({ allowed: true, basis: 'presumed' });
    expect(ask({ permission: both }, { channel: 'phone' }).reason).toBe('channel_not_verified');
  });
});

describe('a promised end and a promised frequency', () => {
  const bases = [
    ['consent', verified, {}],
    ['existing customer', existingCustomer, {}],
    ['presumed consent', presumed, { channel: 'phone', audience: 'business' }],
    ['legitimate interest', legitimateInterest, { channel: 'post' }],
  ] as const;

  it.each(bases)('bind a %s', (_, permission, asked) => {
    const of = (changes: Partial<PermissionFacts>) =>
      ask({ permission: { ...permission, ...changes } }, asked);
    expect(of({ validUntil: '2026-06-01T10:00:00.001Z' })).toMatchObject({
      allowed: true,
      valid_until: '2026-06-01T10:00:00.001Z',
    });
    expect(of({ validUntil: at })).toMatchObject({ allowed: false, reason: 'expired', state: 'expired' });
    const frequencyFreeAt = '2026-07-01T00:00:00.000Z';
    expect(of({ frequencyLimit: 2, usesInFrequencyWindow: 1 }).allowed).toBe(true);
    expect(of({ frequencyLimit: 2, usesInFrequencyWindow: 2, frequencyFreeAt })).toMatchObject({
      allowed: false,
      reason: 'frequency_reached',
      allowed_again_at: frequencyFreeAt,
    });
  });
});

describe('a consent that does not carry', () => {
  const thin = { textVersion: 'invalid', existingCustomer: customerRecord } as const;

  it('leaves other recorded bases in force', () => {
    expect(ask(withPermission(thin))).toMatchObject({ allowed: true, basis: 'existing_customer' });
    const byPost = withPermission({ textVersion: 'invalid', legitimateInterest: { missingEvidence: [] } });
    expect(ask(byPost, { channel: 'post' })).toMatchObject({ allowed: true, basis: 'legitimate_interest' });
  });

  it('leaves nothing in force once it was withdrawn', () => {
    expect(ask(withPermission({ ...thin, state: 'withdrawn' }))).toMatchObject({
      allowed: false,
      reason: 'withdrawn',
    });
  });
});

describe('the proof of a consent', () => {
  it('for calls to consumers is the whole record of § 7a UWG', () => {
    const call = { channel: 'phone' } as const;
    const missing7a = ['street', 'recording_ref'];
    expect(ask(withPermission({ missing7a }), call)).toMatchObject({
      reason: 'evidence_incomplete',
      missing: missing7a,
    });
    expect(ask(withPermission({ missing7a }), { ...call, audience: 'business' }).allowed).toBe(true);
    expect(ask(withPermission({ missing7a }), { ...call, jurisdiction: 'AT' }).allowed).toBe(true);
  });

  it('for a number never comes from a mailbox, whatever its grade', () => {
    for (const evidenceGrade of ['A', 'B', 'C', 'D'] as const) {
      const clicked = withPermission({ evidenceGrade, channelVerified: false, confirmedElsewhereOnly: true });
      expect(ask(clicked, { channel: 'phone' }).reason).toBe('channel_not_verified');
      expect(ask(clicked, { channel: 'phone', audience: 'business' }).reason).toBe('channel_not_verified');
    }
    const unverifiedA = withPermission({ evidenceGrade: 'A', channelVerified: false });
    expect(ask(unverifiedA, { channel: 'phone' }).reason).toBe('channel_not_verified');
  });

  it('on paper allows e-mail only where the operator accepts it', () => {
    const DE = germanRulesWith({ allowUnconfirmedPaper: true });
    expect(ask(grounds.signed).reason).toBe('channel_not_verified');
    expect(ask(grounds.signed, {}, { ...contactRules, DE: [DE] })).toMatchObject({
      reason: 'consent_active',
      flags: ['conditional'],
    });
    expect(ask(grounds.oral, {}, { ...contactRules, DE: [DE] }).reason).toBe('evidence_incomplete');
  });

  it('is never an import without proof, not even for a letter', () => {
    const imported = withPermission({
      evidenceGrade: 'D',
      missingEvidence: ['proof_ref'],
      channelVerified: false,
    });
    expect(ask(imported, { channel: 'post' }).reason).toBe('evidence_incomplete');
  });
});

it('answers the same whether the audience is unknown or a consumer', () => {
  const asked = { channel: 'phone', audience: undefined } as const;
  expect(ask({ permission: presumed }, asked)).toEqual(ask({ permission: presumed }, { channel: 'phone' }));
});
