import de from '#src/decisions/rules/de.json' with { type: 'json' };
import { parseRules } from '#src/decisions/rules.ts';

/** The German rules as they were with these values in their policy. */
export function germanRulesWith(policy: object): ReturnType<typeof parseRules> {
  return parseRules({ ...de, policy: { ...de.policy, ...policy } });
}
