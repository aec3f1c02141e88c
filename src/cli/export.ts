import { createWriteStream } from 'node:fs';
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
      await pipeline(Readable.from(exportSuppressions(app, { plain })), createWriteStream(output));
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
    const purpose = await findPurpose(app.db, asked.question.purpose);
    const fault = faultOfQuestion(purpose, asked.question.channel);
    if (fault) {
      console.error(fault.message);
      return 2;
    }
    await pipeline(Readable.from(exportContactable(app, asked.question)), createWriteStream(output));
    return 0;
  });
}
