import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { App } from '#src/app/app.ts';
import { fileImport, type Import, linesOfImport, requireImport } from '#src/exchange/imports.ts';
import { type Mapping, readMapping } from '#src/exchange/mapping.ts';
import { dropImport, runImport } from '#src/exchange/run-import.ts';
import { lineOutcomes } from '#src/exchange/try-rows.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { progressBar } from './progress-bar.ts';
import { withApp } from './with-app.ts';

const usage = 'Usage: import FILE.csv [--map MAPPING.json] [--dry-run | --wait] [--json]';

interface Asked {
  file: string;
  map: string | undefined;
  /** `check` writes nothing; `wait` leaves it to a second person at /staff/imports. */
  how: 'land' | 'check' | 'wait';
  json: boolean;
}

/** 0 when all lines landed (or would), 1 when one was refused and so none did. */
export async function importCommand(args: string[]): Promise<number> {
  const asked = read(args);
  if (!asked) {
    console.error(usage);
    return 2;
  }
  const file = await readFile(asked.file).catch(() => undefined);
  const mapping = asked.map === undefined ? undefined : await mappingIn(asked.map);
  if (!file || mapping === null) {
    console.error(file ? `${asked.map} is no mapping.` : `The file ${asked.file} cannot be read.`);
    return 2;
  }
  return withApp(async (app) => {
    const filer = { origin: 'command_line', id: 'command line', name: 'command line' } as const;
    const named = { name: basename(asked.file), file, mapping };
    const stopping = stopOnSignal(app);
    const filed = await fileImport(app, named, {
      ...filer,
      releases: asked.how === 'land',
      checks: asked.how === 'check',
    });
    if (filed.outcome === 'unreadable') {
      if (asked.json) console.log(JSON.stringify({ errors: [filed.fault] }));
      console.error(`${asked.file}: ${filed.fault.message}`);
      return 2;
    }
    const after = await follow(app, filed.import, stopping);
    if (asked.how === 'check' && stopping.aborted) await dropImport(app, after.id);
    if (goesOn(after)) return tellStopped(after, asked);
    if (filed.outcome === 'filed_before') tellBefore(filed.import, asked);
    await tell(app, after, asked);
    if (asked.how === 'check' || after.state === 'faulty') await dropImport(app, after.id);
    else if (after.state === 'waiting') await noteInTrail(app, after);
    return after.refused > 0 ? 1 : 0;
  });
}

function read(args: string[]): Asked | undefined {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        map: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        wait: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const [file, ...more] = positionals;
    if (!file || more.length > 0 || (values['dry-run'] && values.wait)) return undefined;
    const how = values['dry-run'] ? 'check' : values.wait ? 'wait' : 'land';
    return { file, map: values.map, how, json: values.json };
  } catch (error) {
    console.error(error instanceof Error ? error.message : usage);
    return undefined;
  }
}

async function mappingIn(path: string): Promise<Mapping | null> {
  const text = await readFile(path, 'utf8').catch(() => 'null');
  try {
    return readMapping(JSON.parse(text)) ?? null;
  } catch {
    return null;
  }
}

/** Ends after the portion it is at, and gives the import back: a server, or the same command, goes on at once. */
function stopOnSignal(app: App): AbortSignal {
  const stopping = new AbortController();
  app.stopping = stopping.signal;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());
  return stopping.signal;
}

function goesOn({ state }: Import): boolean {
  return state === 'checking' || state === 'landing';
}

function tellStopped({ rows, landed_rows }: Import, { file, how }: Asked): number {
  const next = how === 'check' ? '' : ' The same command goes on from there.';
  console.error(`${file}: stopped. ${landed_rows} of ${rows} lines are in.${next}`);
  return 130;
}

/** On standard error, so that what `--json` prints stays as it is. */
function tellBefore({ state, ended_at, filed_at }: Import, { file }: Asked): void {
  const what = state === 'landed' ? `landed already, on ${ended_at}` : `was filed already, on ${filed_at}`;
  console.error(`${file} ${what}. It was not filed again.`);
}

/** Each line is gone through twice when it lands: once to see whether it can, once for good. */
async function follow(app: App, filed: Import, stopping: AbortSignal): Promise<Import> {
  const show = progressBar(filed.rows * (filed.released_by === null ? 1 : 2), 0);
  let before = -1;
  let told = false;
  for (;;) {
    const worked = await runImport(app, filed.id, 100);
    const here = await requireImport(app.db, filed.id);
    if (!worked && !told && goesOn(here) && !stopping.aborted) {
      told = true;
      console.error(
        'Another process is at this file, or was until it ended. This one goes on as soon as it can.',
      );
    }
    const done = here.checked_rows + here.landed_rows;
    const ended = !goesOn(here);
    show(done, done, ended);
    if (ended || stopping.aborted) return here;
    // A server beside us may be at it.
    if (done === before) await wait(200);
    before = done;
  }
}

async function tell(app: App, after: Import, { file, how, json }: Asked): Promise<void> {
  const { rows, state } = after;
  const lines = (await linesOfImport(app.db, after.id)).toSorted((a, b) => a.line - b.line);
  const landed = state === 'landed';
  if (json) {
    const told = lines.map(({ line, outcome, why }) => ({ line, outcome, why: why || null }));
    const counts = Object.fromEntries(lineOutcomes.map((outcome) => [outcome, after[outcome]]));
    const short_of: unknown = JSON.parse(after.short_of);
    const ignored: unknown = JSON.parse(after.ignored);
    const dry_run = how === 'check';
    console.log(JSON.stringify({ dry_run, state, landed, rows, ...counts, ignored, short_of, lines: told }));
    return;
  }
  for (const { line, outcome, why } of lines) console.log(`${file}:${line}: ${outcome}${why && `: ${why}`}`);
  const waits = how === 'wait' && state === 'waiting';
  const end = landed
    ? 'All of them are in.'
    : waits
      ? 'A second person lets it in at /staff/imports.'
      : 'Nothing was written.';
  const always = ['usable', 'unusable', 'refused'];
  const counts = lineOutcomes.filter((outcome) => after[outcome] > 0 || always.includes(outcome));
  const list = counts.map((outcome) => `${after[outcome]} ${outcome.replace('_', ' ')}`).join(', ');
  console.log(`${rows} lines: ${list}. ${end}`);
}

/** Once, also when the command is repeated because it was killed. */
async function noteInTrail(app: App, { id, rows }: Import): Promise<void> {
  const at = app.now().toISOString();
  const subject = `import:${id}`;
  await app.db.transaction().execute(async (tx) => {
    const noted = tx.selectFrom('audit_entries').select('id').where('act', '=', 'import.filed');
    if (await noted.where('subject', '=', subject).executeTakeFirst()) return;
    await recordAudit(tx, at, null, 'import.filed', subject, { rows });
  });
}
