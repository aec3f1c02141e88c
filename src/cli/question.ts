import { existsSync } from 'node:fs';
import type { ContactQuestion } from '#src/decisions/decide-contacts.ts';
import { audiences, channels, jurisdictions } from '#src/decisions/rule-table.ts';
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
    jurisdiction: { type: 'string', default: 'DE' },
    at: { type: 'string' },
  });
  const { purpose, at, json } = values;
  if (!purpose) throw new UsageError('--purpose is missing.');
  if (at !== undefined && !past) throw new UsageError('This command answers as of now and takes no --at.');
  const question = {
    purpose,
    channel: oneOf(channels, values.channel, '--channel'),
    audience: oneOf(audiences, values.audience, '--audience'),
    jurisdiction: oneOf(jurisdictions, values.jurisdiction, '--jurisdiction'),
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

function pastTime(text: string): string {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new UsageError(`"${text}" is not a time.`);
  if (time.getTime() > Date.now()) throw new UsageError('--at must not be in the future.');
  return time.toISOString();
}
