import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportContactable, exportSuppressions } from '#src/exchange/export-contactable.ts';
import { readQuestion } from './question.ts';
import { withApp } from './with-app.ts';

const usage =
  'Usage: export contactable OUT.csv --purpose KEY --channel CHANNEL [--audience business], ' +
  'or: export suppressions OUT.csv';

export async function exportCommand(args: string[]): Promise<number> {
  const [what, output, ...more] = args;
  if (what === 'suppressions' && output && more.length === 0) {
    return withApp(async (app) => {
      await pipeline(Readable.from(exportSuppressions(app)), createWriteStream(output));
      return 0;
    });
  }
  if (what !== 'contactable' || !output) {
    console.error(usage);
    return 2;
  }
  const asked = readQuestion(more, usage);
  if (!asked) return 2;
  return withApp(async (app) => {
    await pipeline(Readable.from(exportContactable(app, asked.question)), createWriteStream(output));
    return 0;
  });
}
