import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { findDecisionPurpose } from '#src/decisions/purpose.ts';
import { faultOfPeriod } from '#src/exchange/export-7a.ts';
import { exportContactable, faultOfQuestion } from '#src/exchange/export-contactable.ts';
import { exportSuppressions } from '#src/exchange/export-suppressions.ts';
import { take7a } from '#src/exchange/take-export.ts';
import { readArguments, UsageError } from './command.ts';
import { readQuestion } from './question.ts';
import { withApp } from './with-app.ts';

export async function exportCommand([what, ...args]: string[]): Promise<number> {
  if (what === 'contactable') return contactable(args);
  if (what === 'suppressions') return suppressions(args);
  if (what === '7a') return calls(args);
  throw new UsageError('Name what to export: contactable, suppressions or 7a.');
}

async function contactable(args: string[]): Promise<number> {
  const { question, positionals, json } = readQuestion(args);
  const output = onlyFile(positionals);
  return withApp(async (app) => {
    const purpose = await findDecisionPurpose(app.db, question.purpose);
    const fault = faultOfQuestion(purpose, question.channel);
    if (fault) {
      console.error(fault.message);
      return 2;
    }
    return writeList(output, exportContactable(app, question, 'command line'), json);
  });
}

async function suppressions(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { plain: { type: 'boolean', default: false } });
  const output = onlyFile(positionals);
  const { plain, json } = values;
  return withApp((app) => writeList(output, exportSuppressions(app, { plain }), json));
}

async function calls(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {
    from: { type: 'string' },
    to: { type: 'string' },
    out: { type: 'string' },
    reason: { type: 'string', default: 'on the command line' },
  });
  const { from = '', to = '', out, reason, json } = values;
  if (!out || positionals.length > 0) throw new UsageError('Name the file to write: --out FILE.');
  const fault = faultOfPeriod({ from, to });
  if (fault === 'no_day') throw new UsageError('--from and --to are days, such as 2026-11-02.');
  if (fault) throw new UsageError('--to must not be before --from.');
  return withApp(async (app) => writeList(out, await take7a(app, null, { from, to, reason }), json));
}

function onlyFile(positionals: string[]): string {
  const [output, ...more] = positionals;
  if (!output || more.length > 0) throw new UsageError('Name one file to write.');
  return output;
}

/** The file holds the whole list or is not there: half of a block list would look like a whole one. */
async function writeList(output: string, list: AsyncIterable<string>, json: boolean): Promise<number> {
  const part = `${output}.part`;
  let lines = 0;
  const counted = Readable.from(list).map((text: string) => {
    lines += text.split('\r\n').length - 1;
    return text;
  });
  try {
    await pipeline(counted, createWriteStream(part, { flush: true }));
    await rename(part, output);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  // The first line holds the names of the columns.
  if (json) console.log(JSON.stringify({ file: output, rows: lines - 1 }));
  return 0;
}
