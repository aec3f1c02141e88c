import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { findPurpose } from '#src/decisions/purpose.ts';
import { exportContactable, faultOfQuestion } from '#src/exchange/export-contactable.ts';
import { exportSuppressions } from '#src/exchange/export-suppressions.ts';
import { readQuestion } from './question.ts';
import { withApp } from './with-app.ts';

const usage =
  'Usage: export contactable OUT.csv --purpose KEY --channel CHANNEL [--audience business], ' +
  'or: export suppressions OUT.csv [--plain]';

export async function exportCommand(args: string[]): Promise<number> {
  const [what, output, ...more] = args;
  const plain = more.join() === '--plain';
  if (what === 'suppressions' && output && (more.length === 0 || plain)) {
    return withApp(async (app) => {
      await writeWhole(output, exportSuppressions(app, { plain }));
      return 0;
    });
  }
  if (what !== 'contactable' || !output) {
    console.error(usage);
    return 2;
  }
  const asked = readQuestion(more, usage);
  if (!asked) return 2;
  if (asked.names.length > 0 || asked.json) {
    console.error(usage);
    return 2;
  }
  return withApp(async (app) => {
    const purpose = await findPurpose(app.db, asked.question.purpose);
    const fault = faultOfQuestion(purpose, asked.question.channel);
    if (fault) {
      console.error(fault.message);
      return 2;
    }
    await writeWhole(output, exportContactable(app, asked.question));
    return 0;
  });
}

/** There is the whole list or none: half of a block list looks like one. */
async function writeWhole(output: string, lines: AsyncIterable<string>): Promise<void> {
  const part = `${output}.part`;
  try {
    await pipeline(Readable.from(lines), createWriteStream(part, { flush: true }));
    await rename(part, output);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
