import { readFile } from 'node:fs/promises';
import { importCaptures } from '#src/exchange/import-captures.ts';
import { withApp } from './with-app.ts';

const usage = 'Usage: import FILE.csv [--dry-run] [--json]';

/** 0 when all lines landed (or would), 1 when one was refused and so none did. */
export async function importCommand(args: string[]): Promise<number> {
  const flags = new Set(args.filter((arg) => arg.startsWith('--')));
  const [file, ...more] = args.filter((arg) => !arg.startsWith('--'));
  const unknown = [...flags].some((flag) => flag !== '--dry-run' && flag !== '--json');
  if (!file || more.length > 0 || unknown) {
    console.error(usage);
    return 2;
  }
  const csv = await readFile(file, 'utf8').catch(() => undefined);
  if (csv === undefined) {
    console.error(`The file ${file} cannot be read.`);
    return 2;
  }
  return withApp(async (app) => {
    const dryRun = flags.has('--dry-run');
    const result = await importCaptures(app, csv, { actor: 'command line' }, { dryRun });
    if (result.outcome === 'unreadable') {
      console.error(`${file}: ${result.message}`);
      return 2;
    }
    const { report, landed } = result;
    if (flags.has('--json')) console.log(JSON.stringify({ landed, ...report }));
    else {
      for (const { line, outcome, why } of report.lines) console.log(`${file}:${line}: ${outcome}: ${why}`);
      const { rows, usable, unusable, refused } = report;
      const end = landed ? 'All of them are in.' : 'Nothing was written.';
      console.log(`${rows} lines: ${usable} usable, ${unusable} unusable, ${refused} refused. ${end}`);
    }
    return report.refused > 0 ? 1 : 0;
  });
}
