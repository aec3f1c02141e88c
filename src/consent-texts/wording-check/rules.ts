import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RuleLanguage } from './check-input.ts';
import { meaningSources, meaningWords } from './meanings.ts';
import catalogue from './rules.json' with { type: 'json' };
import { spellings } from './spelling.ts';

export type Severity = z.infer<typeof severity>;
/** One sentence or title for staff, in both languages. */
export type Words = z.infer<typeof words>;

export interface Rule extends Omit<z.infer<typeof ruleData>, 'patterns' | 'except' | 'unless'> {
  patterns: PatternsByLocale;
  /** A match that lies wholly inside one of these is none. */
  except: PatternsByLocale;
  /** Found anywhere in the text, they switch the patterns off. */
  unless: PatternsByLocale;
}

export type PatternsByLocale = Record<RuleLanguage, RegExp[]>;

const severity = z.enum(['error', 'warn', 'info']);
const words = z.object({ de: z.string(), en: z.string() });
const patterns = z.object({ de: z.array(z.string()), en: z.array(z.string()) });
const examples = z.object({ bad: z.array(z.string()), good: z.array(z.string()) });

const ruleData = z.object({
  id: z.string(),
  kind: z.enum(['text', 'absent', 'struct', 'cross', 'metric', 'disguise', 'notice']),
  severity,
  title: words,
  advice: words,
  law: words,
  /** What courts of English-speaking countries add for texts in English. */
  lawForEnglishTexts: words.optional(),
  /** How well the law is verified: V read, V2 read about, U unverified, R our own reasoning. */
  status: z.string(),
  /** How the rule is applied, in the catalogue's words. */
  check: z.string(),
  patterns,
  except: patterns.optional(),
  unless: patterns.optional(),
  /** Not where the words are those of a product. */
  notProducts: z.boolean().optional(),
  /** Not in sentences about the withdrawal. */
  declarationOnly: z.boolean().optional(),
  /** Why a pattern is not the catalogue's to the letter. */
  changed: z.string().optional(),
  details: z.record(z.string(), words).optional(),
  examples: z.object({ de: examples, en: examples }),
  goodByMetadata: z.boolean().optional(),
});

const parsed = z
  .object({
    flags: z.literal('iu'),
    /** Raised by hand when the code judges otherwise with the same patterns: all versions are then checked again. */
    engine: z.number().int(),
    rules: z.array(ruleData),
    disguises: z.array(ruleData),
    /** For the notice of § 7(3) UWG, which is no consent. */
    notices: z.array(ruleData),
  })
  .parse(catalogue);

export const rules: Rule[] = [...parsed.rules, ...parsed.disguises, ...parsed.notices].map((data) => ({
  ...data,
  patterns: compiled(data.patterns),
  except: compiled(data.except),
  unless: compiled(data.unless),
}));

/** Changes with every change of the rules; a version that was checked under another one is checked again. */
export const rulesVersion: string = createHash('sha256')
  .update(JSON.stringify([catalogue, meaningSources, meaningWords]))
  .digest('hex')
  .slice(0, 12);

export function requireRule(id: string): Rule {
  const rule = byId.get(id);
  if (!rule) throw new Error(`There is no wording rule ${id}.`);
  return rule;
}

const byId = new Map(rules.map((rule) => [rule.id, rule]));

function compiled(sources: z.infer<typeof patterns> | undefined): PatternsByLocale {
  const compile = (source: string) => new RegExp(spellings(source), `g${parsed.flags}`);
  return { de: (sources?.de ?? []).map(compile), en: (sources?.en ?? []).map(compile) };
}
