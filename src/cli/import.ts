import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { App } from '#src/app/app.ts';
import { fileImport } from '#src/exchange/file-import.ts';
import { dropImport } from '#src/exchange/import-progress.ts';
import { type Import, requireImport } from '#src/exchange/imports.ts';
import { type Mapping, readMapping } from '#src/exchange/mapping.ts';
import { runImport } from '#src/exchange/run-import.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { readArguments, UsageError } from './command.ts';
import { type ImportArguments, reportImport, reportRepetition, reportStop } from './import-report.ts';
import { progressBar } from './progress-bar.ts';
import { withApp } from './with-app.ts';

/** 0 when all lines landed (or would land), 1 when one was refused and so none landed. */
export async function importCommand(args: string[]): Promise<number> {
  const options = readImport(args);
  const { mode } = options;
  const source = await readFile(options.file).catch(() => undefined);
  if (!source) throw new UsageError(`The file ${options.file} can't be read.`);
  const mapping = options.map === undefined ? undefined : await mappingIn(options.map);
  return withApp(async (app) => {
    const stopping = stopOnSignal(app);
    const filed = await fileImport(
      app,
      { name: basename(options.file), file: source, mapping },
      { ...commandLine, releases: mode === 'land', checks: mode === 'check' },
    );
    if (filed.outcome === 'unreadable') {
      if (options.json) console.log(JSON.stringify({ errors: [filed.fault] }));
      console.error(`${options.file}: ${filed.fault.message}`);
      return 2;
    }
    const result = await follow(app, filed.import, stopping);
    if (mode === 'check' && stopping.aborted) await dropImport(app, result.id);
    if (isUnderWay(result)) return reportStop(result, options);
    if (filed.outcome === 'filed_before') reportRepetition(filed.import, options);
    await reportImport(app, result, options);
    if (mode === 'check' || result.state === 'faulty') await dropImport(app, result.id);
    else if (result.state === 'waiting') await auditFiling(app, result);
    return result.refused > 0 ? 1 : 0;
  });
}

const commandLine = { origin: 'command_line', id: 'command line', name: 'command line' } as const;

function readImport(args: string[]): ImportArguments {
  const { values, positionals } = readArguments(args, {
    map: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    wait: { type: 'boolean', default: false },
  });
  const [file, ...more] = positionals;
  if (!file || more.length > 0) throw new UsageError('Name one file.');
  if (values['dry-run'] && values.wait) throw new UsageError('--dry-run and --wait exclude each other.');
  const mode = values['dry-run'] ? 'check' : values.wait ? 'wait' : 'land';
  return { file, map: values.map, mode, json: values.json };
}

async function mappingIn(path: string): Promise<Mapping> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    const mapping = readMapping(JSON.parse(text));
    if (mapping) return mapping;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UsageError(`${path} is not a mapping.`);
}

/** Stops after the current portion and releases the import, so a server or the same command can continue at once. */
function stopOnSignal(app: App): AbortSignal {
  const stopping = new AbortController();
  app.stopping = stopping.signal;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());
  return stopping.signal;
}

function isUnderWay({ state }: Import): boolean {
  return state === 'checking' || state === 'landing';
}

/** Works until the import has ended. A line that lands is read twice: to check whether it can, and to land it. */
async function follow(app: App, filed: Import, stopping: AbortSignal): Promise<Import> {
  const draw = progressBar(filed.rows * (filed.released_by === null ? 1 : 2), 0);
  let doneBefore = -1;
  let saidWaiting = false;
  for (;;) {
    const worked = await runImport(app, filed.id, 100);
    const current = await requireImport(app.db, filed.id);
    if (!worked && !saidWaiting && isUnderWay(current) && !stopping.aborted) {
      saidWaiting = true;
      console.error('Another process holds this import, or did so until it ended. Waiting until it is free.');
    }
    const done = current.checked_rows + current.landed_rows;
    const ended = !isUnderWay(current);
    draw(done, done, ended);
    if (ended || stopping.aborted) return current;
    if (done === doneBefore) await wait(200);
    doneBefore = done;
  }
}

/** Once, also when the command is repeated because it was killed. */
async function auditFiling(app: App, { id, rows }: Import): Promise<void> {
  const at = app.now().toISOString();
  const subject = `import:${id}`;
  await app.db.transaction().execute(async (tx) => {
    const entries = tx.selectFrom('audit_entries').select('id').where('act', '=', 'import.filed');
    if (await entries.where('subject', '=', subject).executeTakeFirst()) return;
    await recordAudit(tx, at, null, 'import.filed', subject, { rows });
  });
}
