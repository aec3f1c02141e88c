import { describe, expect, it } from 'vitest';
import de from '#src/decisions/rules/de.json' with { type: 'json' };
import { contactRules, parseRules } from '#src/decisions/rules.ts';
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

  it('let an operator change the policy within its hard limits', () => {
    const { nonUse } = contactRules.DE.policy;
    const email = (denyMonths: number) => ({
      nonUse: { ...nonUse, email: { flagMonths: 12, denyMonths, limitMonths: 48 } },
    });
    expect(germanRulesWith(email(48)).policy.nonUse.email?.denyMonths).toBe(48);
    expect(() => germanRulesWith(email(49))).toThrow('within the hard limit');
    expect(() => germanRulesWith({ presumedMonths: 13 })).toThrow();
    expect(contactRules.DE.policy.nonUse.email?.denyMonths).toBe(24);
  });
});
