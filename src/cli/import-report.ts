import type { App } from '#src/app/app.ts';
import { type Import, linesOfImport } from '#src/exchange/imports.ts';
import { lineOutcomes } from '#src/exchange/try-rows.ts';

export interface ImportArguments {
  file: string;
  map: string | undefined;
  /** `check` writes nothing; `wait` leaves the release to a second person at /staff/imports. */
  mode: 'land' | 'check' | 'wait';
  json: boolean;
}

/** Prints what became of each line, and the counts. */
export async function reportImport(
  app: App,
  result: Import,
  { file, mode, json }: ImportArguments,
): Promise<void> {
  const { rows, state } = result;
  const lines = (await linesOfImport(app.db, result.id)).toSorted((a, b) => a.line - b.line);
  if (json) {
    const counts = Object.fromEntries(lineOutcomes.map((outcome) => [outcome, result[outcome]]));
    console.log(
      JSON.stringify({
        dry_run: mode === 'check',
        state,
        landed: state === 'landed',
        rows,
        ...counts,
        ignored: JSON.parse(result.ignored),
        short_of: JSON.parse(result.short_of),
        lines: lines.map(({ line, outcome, why }) => ({ line, outcome, why: why || null })),
      }),
    );
    return;
  }
  for (const { line, outcome, why } of lines) console.log(`${file}:${line}: ${outcome}${why && `: ${why}`}`);
  const shown = lineOutcomes.filter((outcome) => result[outcome] > 0 || alwaysShown.includes(outcome));
  const counts = shown.map((outcome) => `${result[outcome]} ${outcome.replace('_', ' ')}`).join(', ');
  console.log(`${rows} lines: ${counts}. ${conclusion(state, mode)}`);
}

const alwaysShown = ['usable', 'unusable', 'refused'];

function conclusion(state: Import['state'], mode: ImportArguments['mode']): string {
  if (state === 'landed') return 'All of them are in.';
  if (state === 'waiting' && mode === 'wait') return 'A second person releases it at /staff/imports.';
  return 'Nothing was written.';
}

/** Returns the exit code of a command that a signal stopped. */
export function reportStop({ rows, landed_rows }: Import, { file, mode }: ImportArguments): number {
  const next = mode === 'check' ? '' : ' The same command continues from there.';
  console.error(`${file}: stopped. ${landed_rows} of ${rows} lines are in.${next}`);
  return 130;
}

/** On standard error, because standard output may be read as JSON. */
export function reportRepetition({ state, ended_at, filed_at }: Import, { file }: ImportArguments): void {
  const what = state === 'landed' ? `landed already, on ${ended_at}` : `was filed already, on ${filed_at}`;
  console.error(`${file} ${what}. It was not filed again.`);
}
