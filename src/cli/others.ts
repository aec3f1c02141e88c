import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import type { App } from '#src/app/app.ts';
import type { ContactQuestion } from '#src/decisions/decide-contacts.ts';
import { type Others, othersHead, othersOf } from '#src/decisions/scrub/others.ts';
import { TableFault } from '#src/decisions/scrub/table-format.ts';
import { inputAndOutput, readQuestion } from './question.ts';
import { withApp } from './with-app.ts';

/** What becomes of those to whom `scrub` said no. */
export async function othersCommand(args: string[]): Promise<number> {
  const { question, positionals, json } = readQuestion(args);
  const [input, output] = inputAndOutput(positionals);
  return withApp(async (app) => {
    try {
      showReasons(await writeOthers(app, question, input, output), json);
      return 0;
    } catch (error) {
      if (!(error instanceof TableFault)) throw error;
      console.error(`${input}: ${error.message}`);
      return 2;
    }
  });
}

type Reasons = Others['reasons'];

async function writeOthers(
  app: App,
  question: ContactQuestion,
  input: string,
  output: string,
): Promise<Reasons> {
  const kind = /\.(ndjson|jsonl)$/i.test(input) ? 'ndjson' : 'csv';
  const all: Reasons = new Map();
  const file = await open(`${output}.part`, 'w');
  try {
    await file.write(othersHead);
    for await (const { text, reasons } of othersOf(app, question, kind, createReadStream(input))) {
      await file.write(text);
      for (const [reason, { rows, letters }] of reasons) {
        const before = all.get(reason) ?? { rows: 0, letters: 0 };
        all.set(reason, { rows: before.rows + rows, letters: before.letters + letters });
      }
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${output}.part`, output);
  return all;
}

function showReasons(reasons: Reasons, json: boolean): void {
  const sorted = [...reasons].sort(([, a], [, b]) => b.rows - a.rows);
  if (json) {
    console.log(JSON.stringify({ reasons: Object.fromEntries(sorted) }));
    return;
  }
  for (const [reason, { rows, letters }] of sorted) {
    const instead = letters > 0 ? `  ${letters} of them by letter` : '';
    console.log(`${String(rows).padStart(10)}  ${reason}${instead}`);
  }
}
