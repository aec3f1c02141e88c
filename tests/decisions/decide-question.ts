import { decide, ruleContext } from '#src/decisions/decide.ts';
import type { Decision, Facts, Question } from '#src/decisions/facts.ts';
import type { RuleBook } from '#src/decisions/rules.ts';

/** The decision about one address. */
export function decideQuestion(question: Question, facts: Facts, rules: RuleBook): Decision {
  return decide(ruleContext(question, rules), facts);
}
