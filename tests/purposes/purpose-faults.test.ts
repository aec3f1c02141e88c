import { describe, expect, it } from 'vitest';
import germanRules from '#src/decisions/rules/de.json' with { type: 'json' };
import type { PurposeChannel, PurposeDraft } from '#src/purposes/purpose.ts';
import { purposeFaults } from '#src/purposes/purpose-faults.ts';
import { existingCustomerMonths, nonUseRules } from '#src/purposes/purpose-policy.ts';

const both = <T>(value: T) => ({ de: value, en: value });
const email: PurposeChannel = {
  channel: 'email',
  frequency: { times: 2, per: 'month' },
  flagMonths: null,
  denyMonths: null,
  nonUseNote: null,
};
const good: PurposeDraft = {
  titles: both('News'),
  promises: both('Twice a month.'),
  terms: both(['saws']),
  dataCategories: both(['e-mail address']),
  channels: [email],
  thirdParties: [],
  proofYears: 3,
  proofNote: null,
};
const faultsOf = (change: Partial<PurposeDraft>) =>
  purposeFaults({ ...good, ...change }).map(({ field, code }) => `${field} ${code}`);
const withEmail = (change: Partial<PurposeChannel>) => faultsOf({ channels: [{ ...email, ...change }] });

describe('what is wrong with a purpose', () => {
  it('is nothing when all is said', () => {
    expect(faultsOf({})).toEqual([]);
  });

  it.each<[string, Partial<PurposeDraft>, string[]]>([
    ['no title', { titles: { de: '', en: 'News' } }, ['title_de missing']],
    ['a title of a page', { titles: { de: 'x'.repeat(101), en: 'News' } }, ['title_de too_long']],
    [
      'words that turn round',
      { promises: both('a\u202eb') },
      ['promise_de unreadable', 'promise_en unreadable'],
    ],
    ['fifty-one terms', { terms: { de: Array<string>(51).fill('x'), en: [] } }, ['terms_de too_many']],
    ['no channel', { channels: [] }, ['channel no_channel']],
    ['too short a proof', { proofYears: 2 }, ['proof_years proof_range']],
    ['proof for ever', { proofYears: 30, proofNote: 'why not' }, ['proof_years proof_range']],
    ['longer proof without a reason', { proofYears: 5 }, ['proof_note proof_note_missing']],
    ['half a number', { proofYears: 3.5 }, ['proof_years proof_range']],
    [
      'a third party without a place',
      { thirdParties: [{ name: 'A AG', place: '', line_of_business: 'x' }] },
      ['party_place_0 half_party'],
    ],
    [
      'the same third party twice',
      {
        thirdParties: [
          { name: 'A AG', place: 'Köln', line_of_business: 'x' },
          { name: 'a ag', place: 'Köln', line_of_business: 'x' },
        ],
      },
      ['party_name_1 party_twice'],
    ],
  ])('is found for %s', (_what, change, faults) => {
    expect(faultsOf(change)).toEqual(faults);
  });

  it.each<[string, Partial<PurposeChannel>, string[]]>([
    ['never', { frequency: { times: 0, per: 'month' } }, ['times_email times_range']],
    ['beyond the limit', { denyMonths: 49, nonUseNote: 'because' }, ['deny_email over_limit']],
    ['longer than usual, without a reason', { denyMonths: 36 }, ['note_email note_missing']],
    ['longer than usual, with one', { denyMonths: 36, nonUseNote: 'Long contracts.' }, []],
    ['pointed out after it ended', { flagMonths: 30 }, ['flag_email flag_after_deny']],
    ['shorter than the usual hint', { denyMonths: 6 }, []],
    ['no whole month', { denyMonths: 0 }, ['deny_email months_range']],
  ])('is found for non-use %s', (_what, change, faults) => {
    expect(withEmail(change)).toEqual(faults);
  });

  it('lets post never grow old', () => {
    expect(withEmail({ channel: 'post', denyMonths: 12 })).toEqual(['deny_post never_old']);
  });

  it('goes by the same months as the decisions', () => {
    expect(nonUseRules).toEqual(germanRules.policy.nonUse);
    expect(existingCustomerMonths).toBe(germanRules.policy.existingCustomerMonths);
  });
});
