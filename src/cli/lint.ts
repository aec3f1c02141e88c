import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { CheckInput, Company, Locale, Purpose } from '#src/consent-texts/wording-check/check-input.ts';
import { checkWording } from '#src/consent-texts/wording-check/check-wording.ts';
import type { Finding } from '#src/consent-texts/wording-check/finding.ts';
import { parseFrequency } from '#src/consent-texts/wording-check/frequency.ts';
import { lintReport } from './lint-report.ts';

/** What a command reads and writes; `process` fits. */
export interface CommandIo {
  stdin: AsyncIterable<Uint8Array | string>;
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

const lintUsage = `jawort lint FILE --lang de|en [options]     FILE may be - for standard input

  --channel email|sms|phone|fax|post   the channel the box is for (may be repeated)
  --controller "Muster GmbH, Hanau"    who asks, by legal name and perhaps place (may be repeated)
  --place Hanau                        the place of the controller, if not given with the name
  --recipient "Beispiel AG, Köln"      a third party that gets the data (may be repeated)
  --term Akkuschrauber                 a product or content of the purpose (may be repeated)
  --purpose news[:advertising|disclosure|tracking|service]   (may be repeated)
  --frequency 2/month                  how often the purpose writes, or in words
  --audience consumer|business
  --form                               FILE holds the whole form; without it FILE is one clause, and what the
                                       form around it may say (link to the privacy notice, that it is voluntary)
                                       is at most a hint
  --json                               findings as JSON

Exit code 0: no error (warnings and hints may be listed), 1: at least one error, 2: wrong usage or unreadable file.
`;

/** Checks a wording that is kept elsewhere. Answers with the exit code. */
export async function lintCommand(argv: string[], io: CommandIo = process): Promise<number> {
  try {
    const request = readArguments(argv);
    if (request === 'help') {
      io.stdout.write(lintUsage);
      return 0;
    }
    const wording = decoded(await bytesOf(request.file, io), request.file);
    const findings = checkWording({ ...request.input, wording });
    io.stdout.write(
      request.json ? asJson(findings) : lintReport(request.file, wording, findings, request.input.locale),
    );
    return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  } catch (problem) {
    if (!(problem instanceof LintProblem)) throw problem;
    io.stderr.write(`jawort lint: ${problem.message}\n`);
    return 2;
  }
}

/** What the caller did wrong, said so that they can mend it. */
class LintProblem extends Error {}

interface Request {
  file: string;
  json: boolean;
  input: Omit<CheckInput, 'wording'>;
}

const CHANNELS = ['email', 'sms', 'phone', 'fax', 'post'] as const;
const KINDS = ['advertising', 'disclosure', 'tracking', 'service'] as const;

function readArguments(argv: string[]): Request | 'help' {
  const { values, positionals } = parsed(argv);
  if (values.help) return 'help';
  const [file, ...more] = positionals;
  if (file === undefined) throw new LintProblem('Which file? Name one, or - for standard input.');
  if (more.length > 0) throw new LintProblem(`One file at a time; ${more.join(', ')} is too much.`);
  const controllers = companies(values.controller);
  for (const [index, place] of (values.place ?? []).entries()) {
    const controller = controllers[index];
    if (!controller) throw new LintProblem(`--place ${place} belongs to no --controller.`);
    controller.place = place;
  }
  return {
    file,
    json: values.json ?? false,
    input: {
      locale: localeOf(values.lang),
      channels: (values.channel ?? []).map((channel) => oneOf(CHANNELS, channel, '--channel')),
      controllers,
      recipients: companies(values.recipient),
      terms: values.term ?? [],
      purposes: (values.purpose ?? []).map(purposeOf),
      frequency: frequencyOf(values.frequency),
      audience: audienceOf(values.audience),
      form: values.form ? {} : undefined,
    },
  };
}

function parsed(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        lang: { type: 'string' },
        channel: { type: 'string', multiple: true },
        controller: { type: 'string', multiple: true },
        place: { type: 'string', multiple: true },
        recipient: { type: 'string', multiple: true },
        term: { type: 'string', multiple: true },
        purpose: { type: 'string', multiple: true },
        frequency: { type: 'string' },
        audience: { type: 'string' },
        form: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (problem) {
    throw new LintProblem(problem instanceof Error ? problem.message : String(problem));
  }
}

function localeOf(lang: string | undefined): Locale {
  if (lang === undefined) throw new LintProblem('--lang is missing: de or en.');
  return oneOf(['de', 'en'] as const, lang, '--lang');
}

function audienceOf(audience: string | undefined): CheckInput['audience'] {
  return audience === undefined
    ? undefined
    : oneOf(['consumer', 'business'] as const, audience, '--audience');
}

function oneOf<Choice extends string>(choices: readonly Choice[], value: string, option: string): Choice {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined)
    throw new LintProblem(`${option} ${value} is unknown; choose ${choices.join(', ')}.`);
  return choice;
}

/** "Beispiel AG, Köln, Versicherungen": name, place, line of business. */
function companies(values: string[] | undefined): Company[] {
  return (values ?? []).map((value) => {
    const [name = '', place, lineOfBusiness] = value.split(',').map((part) => part.trim());
    if (name === '') throw new LintProblem('A company needs a name.');
    return { name, place, lineOfBusiness };
  });
}

function purposeOf(value: string): Purpose {
  const [key = '', kind] = value.split(':');
  if (kind === undefined) return { key, kind: KINDS.find((candidate) => candidate === key) };
  return { key, kind: oneOf(KINDS, kind, '--purpose') };
}

function frequencyOf(words: string | undefined): CheckInput['frequency'] {
  if (words === undefined) return undefined;
  const frequency = parseFrequency(words);
  if (!frequency) throw new LintProblem(`--frequency ${words} is not understood; write it like 2/month.`);
  return frequency;
}

async function bytesOf(file: string, io: CommandIo): Promise<Uint8Array> {
  if (file !== '-') return readFile(file).catch((problem: unknown) => refuse(file, problem));
  const parts: Uint8Array[] = [];
  for await (const part of io.stdin) parts.push(typeof part === 'string' ? Buffer.from(part) : part);
  return Buffer.concat(parts);
}

function refuse(file: string, problem: unknown): never {
  const code = problem instanceof Error && 'code' in problem ? String(problem.code) : 'unknown';
  throw new LintProblem(`${file} cannot be read: ${REASONS[code] ?? code}.`);
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission is missing',
  EISDIR: 'it is a directory',
};

/** UTF-8 and nothing else, less a byte order mark: guessed letters would be another wording. */
function decoded(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new LintProblem(`${file} is not valid UTF-8. Save it as UTF-8 and try again.`);
  }
}

function asJson(findings: Finding[]): string {
  const listed = findings.map(({ rule, severity, start, end, message, law }) => ({
    rule,
    severity,
    start,
    end,
    message,
    law,
  }));
  return `${JSON.stringify({ findings: listed })}\n`;
}
