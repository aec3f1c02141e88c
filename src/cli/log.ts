import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { App } from '#src/app/app.ts';
import { type LogKeyPlace, readLogKey, writeLogKey } from '#src/log/log-key.ts';
import { logStatus } from '#src/log/log-status.ts';
import { noteRestored } from '#src/log/note-restored.ts';
import { findLostHead } from '#src/log/remembered-head.ts';
import { rotateLogKey } from '#src/log/rotate-key.ts';
import { beginLog, signNow } from '#src/log/start-log.ts';
import { type WatcherStatus, watcherStatus } from '#src/log/watcher-status.ts';
import { readArguments, readJsonFlag, UsageError } from './command.ts';
import { withApp } from './with-app.ts';

export async function logInitCommand(args: string[]): Promise<number> {
  const json = readJsonFlag(args);
  return withLogKey(async (app, place) => {
    const isNew = !existsSync(place.file);
    if (isNew) writeLogKey(place.file);
    const read = readLogKey(place);
    if (read.outcome !== 'read') return fail(read.message);
    const lost = await findLostHead(app);
    if (lost) return fail(lost);
    const checkpoint = await beginLog(app, place, read.signer);
    if (!checkpoint)
      return fail('This log is signed already. To replace its key: npm run jawort -- log rotate');
    const made = isNew
      ? `Made the key ${place.file}. Keep a copy of it apart from the backups of the database.\n`
      : '';
    print(
      json,
      { origin: place.origin, size: checkpoint.size, root: checkpoint.root },
      `${made}${checkpoint.note}`,
    );
    return 0;
  });
}

export async function logStatusCommand(args: string[]): Promise<number> {
  const json = readJsonFlag(args);
  return withApp(async (app) => {
    const [log, watchers] = await Promise.all([logStatus(app), watcherStatus(app)]);
    const status = { ...log, ...watchers };
    const { entries, waiting, checkpoint, keys } = log;
    const lines = [
      `${entries} entries, ${waiting} waiting.`,
      checkpoint
        ? `Last signed at ${checkpoint.at}: ${checkpoint.size} entries.`
        : 'Nothing was signed so far.',
      ...keys.map(
        ({ verifier, retired_at }) => `${retired_at ? `Retired ${retired_at}` : 'Key'}: ${verifier}`,
      ),
      ...watcherLines(watchers),
    ];
    print(json, status, `${lines.join('\n')}\n`);
    return 0;
  });
}

export async function logCheckpointCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { out: { type: 'string' } });
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is not an option here.`);
  return withLogKey(async (app, place) => {
    const signed = await signNow(app, place);
    if (signed.outcome === 'not_signed') return fail(signed.message);
    const { size, root, at, note } = signed.checkpoint;
    if (values.out) await writeFile(values.out, note);
    print(values.json, { size: Number(size), root, at, note }, values.out ? '' : note);
    return 0;
  });
}

export async function logRotateCommand(args: string[]): Promise<number> {
  const json = readJsonFlag(args);
  return withLogKey(async (app, place) => {
    const result = await rotateLogKey(app, place);
    if (result.outcome === 'refused') return fail(result.message);
    const { verifier, formerFile } = result;
    print(
      json,
      { verifier, former: formerFile },
      `The log is signed by ${verifier}\nThe former key is in ${formerFile}.\n`,
    );
    return 0;
  });
}

export async function logRestoredCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { reason: { type: 'string' } });
  const reason = values.reason?.trim();
  if (!reason || positionals.length > 0) throw new UsageError('Say why: --reason TEXT.');
  return withApp(async (app) => {
    const entries = await noteRestored(app, reason);
    print(values.json, { entries }, 'Noted in the log. The server takes changes again.\n');
    return 0;
  });
}

function watcherLines({ witnesses, quorum, stamp, late }: WatcherStatus): string[] {
  const lineOf = (
    who: string,
    done: string,
    { size, at, failing_since, problem }: (typeof witnesses)[number],
  ) =>
    [
      at ? `${who} ${done} ${size} entries at ${at}.` : `${who} has not answered yet.`,
      ...(failing_since ? [`Fails since ${failing_since}: ${problem}`] : []),
    ].join(' ');
  return [
    ...witnesses.map((one) => lineOf(`Witness ${one.name}`, 'cosigned', one)),
    ...(stamp ? [lineOf('The time-stamping service', 'stamped', { name: 'stamp', ...stamp })] : []),
    ...(late
      ? [`For more than two hours, too few of them have answered (witnesses needed: ${quorum}).`]
      : []),
  ];
}

function withLogKey(run: (app: App, place: LogKeyPlace) => Promise<number>): Promise<number> {
  return withApp(async (app) => {
    const { logKey } = app.config;
    return logKey
      ? run(app, logKey)
      : fail('LOG_KEY_FILE is missing. Set it to the file that holds the key of the log.');
  });
}

function print(json: boolean, value: object, text: string): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : text);
}

function fail(message: string): number {
  console.error(message);
  return 2;
}
