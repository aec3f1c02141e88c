/** The rules of law.md 7.3 for our own mails, from the catalogue of the wording check. */
import { z } from 'zod';
import catalogue from '#src/consent-texts/wording-check/rules.json' with { type: 'json' };

const words = z.object({ de: z.string(), en: z.string() });

const mailRule = z.object({
  id: z.string(),
  severity: z.enum(['error', 'warn', 'info']),
  title: words,
  advice: words,
  law: words,
  status: z.string(),
  check: z.string(),
  pattern: z.string().optional(),
  details: z.record(z.string(), words).optional(),
  examples: z.object({ bad: z.array(z.string()), good: z.array(z.string()) }),
});

export type MailRule = z.infer<typeof mailRule>;

export const mailRules: MailRule[] = z.array(mailRule).parse(catalogue.mail);

export function requireMailRule(id: string): MailRule {
  const rule = mailRules.find((candidate) => candidate.id === id);
  if (!rule) throw new Error(`There is no mail rule ${id}.`);
  return rule;
}
