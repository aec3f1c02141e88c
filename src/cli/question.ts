import { existsSync } from 'node:fs';
import type { ContactQuestion } from '#src/decisions/decide-contacts.ts';
import { audiences, channels, means } from '#src/decisions/rule-table.ts';
import { isCountry } from '#src/people/country-code.ts';
import { oneOf, readArguments, UsageError } from './command.ts';

export interface QuestionArguments {
  question: ContactQuestion;
  positionals: string[];
  json: boolean;
}

/** The question of `decide`, `scrub` and their like. `past`: the command also answers for a moment in the past. */
export function readQuestion(args: string[], { past = false }: { past?: boolean } = {}): QuestionArguments {
  const { values, positionals } = readArguments(args, {
    purpose: { type: 'string' },
    channel: { type: 'string' },
    audience: { type: 'string', default: 'consumer' },
    jurisdiction: { type: 'string' },
    controller: { type: 'string' },
    'product-line': { type: 'string' },
    means: { type: 'string', default: 'person' },
    at: { type: 'string' },
  });
  const { purpose, at, json } = values;
  if (!purpose) throw new UsageError('--purpose is missing.');
  if (at !== undefined && !past) throw new UsageError('This command answers as of now and takes no --at.');
  const question = {
    purpose,
    channel: oneOf(channels, values.channel, '--channel'),
    audience: oneOf(audiences, values.audience, '--audience'),
    jurisdiction: country(values.jurisdiction),
    controller: values.controller,
    productLine: values['product-line'],
    means: meansOf(values.means, values.channel),
    at: at === undefined ? undefined : pastTime(at),
  };
  return { question, positionals, json };
}

/** The files of a command that reads one and writes the other. */
export function inputAndOutput(positionals: string[]): [input: string, output: string] {
  const [input, output, ...more] = positionals;
  if (!input || !output || more.length > 0)
    throw new UsageError('Name two files: the one to read, the one to write.');
  if (!existsSync(input)) throw new UsageError(`There is no file ${input}.`);
  return [input, output];
}

function country(text: string | undefined): string | undefined {
  if (text === undefined || isCountry(text)) return text;
  throw new UsageError(`--jurisdiction ${text} is no country in two capital letters.`);
}

function meansOf(text: string | undefined, channel: string | undefined): (typeof means)[number] {
  const found = oneOf(means, text, '--means');
  if (found === 'automatic' && channel !== 'phone') throw new UsageError('Only calls can be automatic.');
  return found;
}

function pastTime(text: string): string {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new UsageError(`"${text}" is not a time.`);
  if (time.getTime() > Date.now()) throw new UsageError('--at must not be in the future.');
  return time.toISOString();
}
