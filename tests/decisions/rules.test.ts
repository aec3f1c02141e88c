import { describe, expect, it } from 'vitest';
import de from '#src/decisions/rules/de.json' with { type: 'json' };
import { contactRules, germanRules, parseRules, ruleBook, rulesAt } from '#src/decisions/rules.ts';
import { germanRulesWith } from './german-policy.ts';

describe('the rules', () => {
  it('do not load when a cell is missing or covered twice', () => {
    expect(() => parseRules({ ...de, rows: de.rows.slice(1) })).toThrow(
      '0 rows speak for email, consumer, consent. It has to be one.',
    );
    expect(() => parseRules({ ...de, rows: [...de.rows, de.rows[0]] })).toThrow('2 rows speak for email');
  });

  it('do not load with a row without law, an unknown duty or an unknown word', () => {
    const withRow = (row: object) => ({ ...de, rows: [{ ...de.rows[0], ...row }, ...de.rows.slice(1)] });
    expect(() => parseRules(withRow({ law: [] }))).toThrow();
    expect(() => parseRules(withRow({ duties: ['be_nice'] }))).toThrow();
    expect(() => parseRules(withRow({ unles: 'x' }))).toThrow();
  });

  it('do not load when a confirmed consent could count as a presumed one', () => {
    const withProofs = (proofs: object[]) => ({
      ...de,
      rows: [{ ...de.rows[0], proofs }, ...de.rows.slice(1)],
    });
    const presumed = { grade: 'C', status: 'conditional', as: 'presumed' };
    const confirmed = { grade: 'A', status: 'allow' };
    const switched = { ...confirmed, policy: 'allowDisputed' };
    expect(() => parseRules(withProofs([confirmed, presumed]))).not.toThrow();
    for (const proofs of [[presumed], [presumed, confirmed], [switched, presumed]]) {
      expect(() => parseRules(withProofs(proofs))).toThrow('must not count as a presumed one');
    }
  });

  it('do not load when an article has no mark', () => {
    const { '§ 7a UWG': _, ...marks } = de.marks;
    expect(() => parseRules({ ...de, marks })).toThrow('The table does not mark § 7a UWG.');
  });

  it('follow each other without a gap, and the last ones have no end', () => {
    const table = (from: string | null, until: string | null) => parseRules({ ...de, from, until });
    expect(() => ruleBook([table(null, '2021-10-01'), table('2021-10-02', null)])).toThrow('do not follow');
    expect(() => ruleBook([table(null, null), table('2021-10-02', null)])).toThrow('do not follow');
    expect(() => ruleBook([table(null, '2021-10-01')])).toThrow('There are no rules of DE for now.');
  });

  it.each([
    ['DE', '2021-09-30T21:59:59.999Z', 'de@start', ['§ 7 Abs. 2 Nr. 2 UWG']],
    ['DE', '2021-09-30T22:00:00.000Z', 'de@2021-10-01', ['§ 7 Abs. 2 Nr. 2 UWG', '§ 7a UWG']],
    ['DE', '2022-05-27T21:59:59.999Z', 'de@2021-10-01', ['§ 7 Abs. 2 Nr. 2 UWG', '§ 7a UWG']],
    ['DE', '2022-05-27T22:00:00.000Z', 'de@2022-05-28', ['§ 7 Abs. 2 Nr. 1 UWG', '§ 7a UWG']],
    ['AT', '2021-10-31T22:59:59.999Z', 'at@start', ['§ 107 TKG 2003']],
    ['AT', '2021-10-31T23:00:00.000Z', 'at@2021-11-01', ['§ 174 TKG 2021']],
    ['FR', '2026-08-10T21:59:59.999Z', 'fr@start', ['Art. 13 Abs. 3 RL 2002/58/EG']],
    ['FR', '2026-08-10T22:00:00.000Z', 'fr@2026-08-11', ['Art. L223-1 Code de la consommation']],
    ['NL', '2026-06-30T21:59:59.999Z', 'nl@start', ['Art. 13 Abs. 3 RL 2002/58/EG']],
    ['NL', '2026-06-30T22:00:00.000Z', 'nl@2026-07-01', ['Art. 11.7 Telecommunicatiewet (NL)']],
    ['US', '2026-06-30T22:00:00.000Z', 'eu@start', ['Art. 13 Abs. 3 RL 2002/58/EG']],
  ])('of %s at %s are %s', (jurisdiction, at, version, laws) => {
    const rules = rulesAt(contactRules, jurisdiction, at);
    expect(rules.version).toMatch(new RegExp(`^${version}\\.[0-9a-f]{8}$`));
    const { law } = rules.cells.phone.consumer.consent;
    expect(law.filter((one) => !one.endsWith('DSGVO'))).toEqual(laws);
  });

  it('let an operator change the policy within its hard limits', () => {
    const { nonUse } = germanRules.policy;
    const email = (denyMonths: number) => ({
      nonUse: { ...nonUse, email: { flagMonths: 12, denyMonths, limitMonths: 48 } },
    });
    expect(germanRulesWith(email(48)).policy.nonUse.email?.denyMonths).toBe(48);
    expect(() => germanRulesWith(email(49))).toThrow('within the hard limit');
    expect(() => germanRulesWith({ presumedMonths: 13 })).toThrow();
    expect(germanRules.policy.nonUse.email?.denyMonths).toBe(24);
  });
});
