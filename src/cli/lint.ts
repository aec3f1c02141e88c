import { readFile } from 'node:fs/promises';
import {
  type CheckInput,
  type Company,
  type Purpose,
  ruleLanguages,
} from '#src/consent-texts/wording-check/check-input.ts';
import { checkWording } from '#src/consent-texts/wording-check/check-wording.ts';
import type { Finding } from '#src/consent-texts/wording-check/finding.ts';
import { parseFrequency } from '#src/consent-texts/wording-check/frequency.ts';
import { oneOf, readArguments, UsageError } from './command.ts';
import { lintReport } from './lint-report.ts';

/** What a command reads and writes; `process` fits. */
export interface CommandIo {
  stdin: AsyncIterable<Uint8Array | string>;
  stdout: { write(text: string): unknown };
}

/** Checks a wording that is kept elsewhere, and returns the exit code. */
export async function lintCommand(argv: string[], io: CommandIo = process): Promise<number> {
  const { file, json, input } = readRequest(argv);
  const wording = decoded(await bytesOf(file, io), file);
  const findings = checkWording({ ...input, wording });
  io.stdout.write(json ? asJson(findings) : lintReport(file, wording, findings, input.locale));
  return findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

interface Request {
  file: string;
  json: boolean;
  input: Omit<CheckInput, 'wording'>;
}

const CHANNELS = ['email', 'sms', 'phone', 'fax', 'post'] as const;
const TEXT_KINDS = ['consent', 'notice'] as const;
const KINDS = ['advertising', 'disclosure', 'tracking', 'service'] as const;

function readRequest(argv: string[]): Request {
  const { values, positionals } = readArguments(argv, {
    lang: { type: 'string' },
    channel: { type: 'string', multiple: true },
    controller: { type: 'string', multiple: true },
    place: { type: 'string', multiple: true },
    recipient: { type: 'string', multiple: true },
    term: { type: 'string', multiple: true },
    purpose: { type: 'string', multiple: true },
    frequency: { type: 'string' },
    audience: { type: 'string' },
    kind: { type: 'string' },
    form: { type: 'boolean', default: false },
  });
  const [file, ...more] = positionals;
  if (file === undefined) throw new UsageError('Which file? Name one, or - for standard input.');
  if (more.length > 0) throw new UsageError(`One file at a time; ${more.join(', ')} is too much.`);
  const controllers = companies(values.controller);
  for (const [index, place] of (values.place ?? []).entries()) {
    const controller = controllers[index];
    if (!controller) throw new UsageError(`--place ${place} belongs to no --controller.`);
    controller.place = place;
  }
  return {
    file,
    json: values.json,
    input: {
      locale: oneOf([...ruleLanguages], values.lang, '--lang'),
      channels: (values.channel ?? []).map((channel) => oneOf(CHANNELS, channel, '--channel')),
      controllers,
      recipients: companies(values.recipient),
      terms: values.term ?? [],
      purposes: (values.purpose ?? []).map(purposeOf),
      frequency: frequencyOf(values.frequency),
      audience: audienceOf(values.audience),
      kind: oneOf(TEXT_KINDS, values.kind ?? 'consent', '--kind'),
      form: values.form ? {} : undefined,
    },
  };
}

function audienceOf(audience: string | undefined): CheckInput['audience'] {
  return audience === undefined ? undefined : oneOf(['consumer', 'business'], audience, '--audience');
}

/** "Beispiel AG, Köln, Versicherungen": name, place, line of business. */
function companies(values: string[] | undefined): Company[] {
  return (values ?? []).map((value) => {
    const [name = '', place, lineOfBusiness] = value.split(',').map((part) => part.trim());
    if (name === '') throw new UsageError('A company needs a name.');
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
  if (!frequency) throw new UsageError(`--frequency ${words} is not understood; write it like 2/month.`);
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
  throw new UsageError(`${file} cannot be read: ${REASONS[code] ?? code}.`);
}

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission is missing',
  EISDIR: 'it is a directory',
};

/** UTF-8 only, without the byte order mark: a guessed encoding could change the wording. */
function decoded(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${file} is not valid UTF-8. Save it as UTF-8 and try again.`);
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
