/** A PostgreSQL server of our own for the tests: a fresh cluster in a temporary folder, gone afterwards. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';

export interface PostgresServer {
  url: string;
  /** Drops its clients and ends; `up` brings it back with what it held. */
  down: () => Promise<void>;
  up: () => Promise<void>;
  /** Ends it for good. */
  stop: () => Promise<void>;
}

export async function startPostgres(): Promise<PostgresServer> {
  const bin = findPostgres();
  if (!bin) throw new Error('There is no PostgreSQL server: no folder of the PATH has initdb and postgres.');
  const folder = mkdtempSync(join(tmpdir(), 'jawort-postgres-'));
  const user = unprivilegedUser();
  if (user) chownSync(folder, user.uid, user.gid);
  createCluster(bin, folder, user);
  const port = await freePort();
  const start = () => spawn(join(bin, 'postgres'), serverOptions(folder, port), { cwd: folder, ...user });
  let server = start();
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const abandon = () => {
    stopAtOnce(bin, folder, user);
    remove();
  };
  // Before ownTmpdir removes the folder that all this is in.
  process.prependOnceListener('exit', abandon);
  await untilReady(server);
  return {
    url: `postgres://jawort@127.0.0.1:${port}/postgres`,
    down: () => stopServer(server),
    up: () => {
      server = start();
      return untilReady(server);
    },
    stop: async () => {
      process.off('exit', abandon);
      await stopServer(server);
      remove();
    },
  };
}

/** Runs one statement on a connection of its own. If the server ends that connection, only this promise is rejected. */
export async function runOnce<Row extends object>(url: string, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  // A connection that is lost during a query also emits `error`, which ends the process if nobody listens.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<Row>(statement);
    return rows;
  } finally {
    await client.end();
  }
}

/**
 * The folder with `postgres` and `initdb`: one of the PATH, else the one that `pg_config` names, else the newest of
 * Debian, which keeps them off the PATH.
 */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const configured = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' }).stdout?.trim();
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...(configured ? [configured] : []),
    ...versions.map((version) => join(debian, version, 'bin')),
  ];
  return folders.find((path) => existsSync(join(path, 'initdb')) && existsSync(join(path, 'postgres')));
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

type User = { uid: number; gid: number };

/** PostgreSQL refuses to run as root, so root hands it to `postgres` or, where that is missing, to `nobody`. */
function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const account = ['postgres', 'nobody'].flatMap((name) => accounts.filter(([login]) => login === name))[0];
  return { uid: Number(account?.[2] ?? 65534), gid: Number(account?.[3] ?? 65534) };
}

function createCluster(bin: string, folder: string, user: User | undefined): void {
  const options = ['--username=jawort', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  const made = spawnSync(join(bin, 'initdb'), [`--pgdata=${folder}/data`, ...options], {
    cwd: folder,
    encoding: 'utf8',
    ...user,
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
}

/** The data need not survive a power cut, so no write waits for the disk. */
function serverOptions(folder: string, port: number): string[] {
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    // Over TCP only: the path of a socket may be about 100 bytes long, which macOS's folders for files leave no room for.
    'unix_socket_directories=',
    'max_connections=300',
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'log_min_messages=log',
    'log_min_error_statement=panic',
    'lc_messages=C',
  ];
  return ['-D', `${folder}/data`, ...settings.flatMap((setting) => ['-c', setting])];
}

async function untilReady(server: ChildProcess): Promise<void> {
  let said = '';
  let patience: NodeJS.Timeout | undefined;
  await new Promise<void>((ready, failed) => {
    const fail = (reason: string) => failed(new Error(`PostgreSQL ${reason}: ${said}`));
    patience = setTimeout(() => fail('was not ready within 30 s'), 30_000);
    server.stderr?.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-4000);
      if (said.includes('ready to accept connections')) ready();
    });
    server.once('error', (error) => fail(`did not start (${error.message})`));
    server.once('exit', (code) => fail(`ended at once (exit code ${code})`));
  }).finally(() => clearTimeout(patience));
}

/** SIGINT is PostgreSQL's fast shutdown: it drops its clients and ends. */
async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGINT');
  const patience = setTimeout(() => server.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(patience);
}

/** For a process that is about to end, so nothing can be awaited. */
function stopAtOnce(bin: string, folder: string, user: User | undefined): void {
  spawnSync(join(bin, 'pg_ctl'), ['stop', '--mode=immediate', `--pgdata=${folder}/data`], user);
}
