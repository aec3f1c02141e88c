import { z } from 'zod';
import type { RuleLanguage } from './check-input.ts';
import { Lexicon } from './lexicon.ts';
import acknowledgement from './meanings/acknowledgement.json' with { type: 'json' };
import anyChannel from './meanings/any-channel.json' with { type: 'json' };
import contact from './meanings/contact.json' with { type: 'json' };
import contract from './meanings/contract.json' with { type: 'json' };
import implied from './meanings/implied.json' with { type: 'json' };
import leftOpen from './meanings/left-open.json' with { type: 'json' };
import measuring from './meanings/measuring.json' with { type: 'json' };
import minors from './meanings/minors.json' with { type: 'json' };
import openLists from './meanings/open-lists.json' with { type: 'json' };
import optingOut from './meanings/opting-out.json' with { type: 'json' };
import partners from './meanings/partners.json' with { type: 'json' };
import vague from './meanings/vague.json' with { type: 'json' };
import waiver from './meanings/waiver.json' with { type: 'json' };
import withdrawal from './meanings/withdrawal.json' with { type: 'json' };
import sharedWords from './meanings/words.json' with { type: 'json' };
import { type Phrase, parsePhrase } from './phrases.ts';

const words = z.record(z.string(), z.object({ de: z.string(), en: z.string() }));

/** A group of meaning: word groups of both languages side by side, and the phrases that they form. */
const meaningData = z.object({
  /** The rule that the meaning breaks; without one it only helps other rules. */
  rule: z.string().optional(),
  /** The detail of the rule that tells the finding; by default its title. */
  detail: z.string().optional(),
  severity: z.enum(['error', 'warn', 'info']).optional(),
  /** What the phrases say, in one sentence. */
  says: z.string(),
  /** `belongs`: a "not" is part of the flaw. By default a text that denies the flaw has none. */
  negation: z.literal('belongs').optional(),
  /** Also looked for where the text speaks of the way out. */
  inWithdrawals: z.boolean().optional(),
  /** Only where the text asks for messages as well. */
  contactOnly: z.boolean().optional(),
  words,
  phrases: z.object({ de: z.array(z.string()), en: z.array(z.string()) }),
});

export interface Meaning extends Omit<z.infer<typeof meaningData>, 'phrases' | 'words'> {
  phrases: Record<RuleLanguage, Phrase[]>;
}

/** Everything that the meanings are made of; a change of it is a change of the rules. */
export const meaningSources = {
  acknowledgement,
  anyChannel,
  contact,
  contract,
  implied,
  leftOpen,
  measuring,
  minors,
  openLists,
  optingOut,
  partners,
  vague,
  waiver,
  withdrawal,
};
export const meaningWords = sharedWords;

export type MeaningName = keyof typeof meaningSources;

export const lexicons: Record<RuleLanguage, Lexicon> = { de: new Lexicon(), en: new Lexicon() };

const shared = words.parse(sharedWords);
const sharedGroups = { de: groupsOf('de', shared), en: groupsOf('en', shared) };

export const negation = { de: requireGroup('de', 'not'), en: requireGroup('en', 'not') };

export const meanings = Object.fromEntries(
  Object.entries(meaningSources).map(([name, source]) => [name, compiled(source)]),
) as Record<MeaningName, Meaning>;

function compiled(source: unknown): Meaning {
  const data = meaningData.parse(source);
  const phrases = (locale: RuleLanguage) => {
    const groups = new Map([...sharedGroups[locale], ...groupsOf(locale, data.words)]);
    return data.phrases[locale].map((phrase) => parsePhrase(phrase, groups, lexicons[locale]));
  };
  return { ...data, phrases: { de: phrases('de'), en: phrases('en') } };
}

function groupsOf(locale: RuleLanguage, lists: z.infer<typeof words>): Map<string, number> {
  return new Map(
    Object.entries(lists).map(([name, list]) => [name, lexicons[locale].addGroup(list[locale])]),
  );
}

function requireGroup(locale: RuleLanguage, name: string): number {
  const group = sharedGroups[locale].get(name);
  if (group === undefined) throw new Error(`There is no word group ${name}.`);
  return group;
}
