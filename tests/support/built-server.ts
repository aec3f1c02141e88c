/** The built server in a process of its own, started the way `npm start` does it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { programs } from '#src/cli/programs.mjs';
import { freePort } from './postgres.ts';

export interface BuiltServer {
  url: string;
  port: number;
  pid: number;
  /** From the start of the process until `/readyz` said yes. */
  readyMillis: number;
  /** Everything that it printed so far. */
  output: () => string;
  /** Sends SIGTERM and answers with the exit code. */
  stop: () => Promise<number | null>;
  /** Ends it at once, as a power cut would. */
  kill: () => Promise<void>;
}

export type Environment = Record<string, string>;

const root = resolve(import.meta.dirname, '../..');

const run = promisify(execFile);

/** Builds the pages unless they are up to date. Test files that run at the same time wait for the one that builds. */
export async function ensureBuilt(): Promise<void> {
  const lock = join(root, 'node_modules/.cache/jawort-build.lock');
  mkdirSync(dirname(lock), { recursive: true });
  while (!isFirst(lock)) await wait(100);
  try {
    await run(process.execPath, ['src/cli/prepare.mjs'], { cwd: root });
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

const longestBuildMillis = 180_000;

/** A folder is made by exactly one of those who try. One that a killed run left behind is taken over. */
function isFirst(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    // Gone already when the one that built was done at this very moment: then somebody else may have made it anew.
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > longestBuildMillis) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

/** Runs a command of the command line on the same database. */
export async function runCommand(
  folder: string,
  ...command: string[]
): Promise<{ code: number; output: string }> {
  const env = { PATH: process.env.PATH, DATABASE_URL: databaseUrl(folder) };
  try {
    const { stdout, stderr } = await run(process.execPath, ['src/cli/jawort.ts', ...command], {
      cwd: root,
      env,
    });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, output: stdout + stderr };
  }
}

export function databaseUrl(folder: string): string {
  return `sqlite:${join(folder, 'jawort.db')}`;
}

/**
 * A server with its database and mails in `folder`, on a port of its own. Throws when it ends before it is ready.
 *
 * @param readyAt the address that answers 200 once it is; `/healthz` for a server that takes no acts
 */
export async function startBuilt(
  folder: string,
  environment: Environment = {},
  readyAt = '/readyz',
): Promise<BuiltServer> {
  const port = Number(environment.PORT ?? (await freePort()));
  const startedAt = performance.now();
  const { child, output } = launch(folder, { PORT: String(port), ...environment });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, url + readyAt, output);
  return {
    url,
    port,
    pid: child.pid ?? 0,
    readyMillis: performance.now() - startedAt,
    output,
    stop: () => end(child, 'SIGTERM'),
    kill: async () => void (await end(child, 'SIGKILL')),
  };
}

/** For a start that is meant to fail: how it ended, and what it said. */
export async function runBuilt(
  folder: string,
  environment: Environment,
): Promise<{ code: number | null; output: string }> {
  const { child, output } = launch(folder, environment);
  const tooLong = setTimeout(() => child.kill('SIGKILL'), 30_000);
  const [code] = await once(child, 'exit');
  clearTimeout(tooLong);
  return { code, output: output() };
}

function launch(folder: string, environment: Environment) {
  const log = join(folder, 'server.log');
  const file = openSync(log, 'a');
  const { file: main, flags, variables } = programs.server;
  const child = spawn(process.execPath, [...flags, main], {
    cwd: root,
    stdio: ['ignore', file, file],
    env: {
      PATH: process.env.PATH,
      ...variables,
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl(folder),
      MAIL_DIR: join(folder, 'mail'),
      ...environment,
    },
  });
  closeSync(file);
  return { child, output: () => readFileSync(log, 'utf8') };
}

async function untilReady(child: ChildProcess, url: string, output: () => string): Promise<void> {
  for (const giveUpAt = Date.now() + 60_000; Date.now() < giveUpAt; ) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The server ended: ${output()}`);
    if ((await statusOf(url)) === 200) return;
    await wait(10);
  }
  child.kill('SIGKILL');
  throw new Error(`The server was not ready within a minute: ${output()}`);
}

function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    get(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', () => resolve(undefined));
  });
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill(signal);
  const [code] = await once(child, 'exit');
  return code;
}
