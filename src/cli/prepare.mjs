/**
 * What the npm scripts run first: `prepare.mjs [install] [--dev]`. Installs what is missing, and builds the pages unless
 * it is told to install only. With `--dev` the packages for development and tests are needed as well.
 *
 * It is plain JavaScript without a package, because on a bare clone there is neither a Node that strips
 * types nor a `node_modules`. When nothing has changed it only compares and is done in milliseconds.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programs } from './programs.mjs';
import { writeSourceArchive } from './source-archive.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const oldestNode = 24;
const sqliteDriver = join(root, 'node_modules/sqlite3/build/Release/node_sqlite3.node');
const buildStamp = join(root, 'dist/sources.sha256');
const builtFrom = [
  'LICENSE',
  'src',
  'db',
  'emails',
  'public',
  'astro.config.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/**
 * 110 MB that nothing reads after the installation: the headers of the npm package `node`, the source of SQLite with what
 * its compiler left, and the image library of Astro (no page has images to resize).
 */
const unneededAfterInstall = [
  `node_modules/node/node_modules/node-${process.platform}-${process.arch}/include`,
  'node_modules/sqlite3/build/Release/obj',
  'node_modules/sqlite3/build/Release/obj.target',
  'node_modules/sqlite3/build/Release/sqlite3.a',
  'node_modules/sqlite3/deps',
  'node_modules/@img',
];

const needsDev = process.argv.includes('--dev');
if (!isInstalled()) install();
const node = findNode();
if (!process.argv.includes('install')) {
  const sources = fingerprint();
  if (readIfThere(buildStamp) !== sources) build(sources);
}

/** Whether `node_modules` holds every package of the lockfile in its version, with the compiled SQLite driver. */
function isInstalled() {
  const present = packagesOf('node_modules/.package-lock.json');
  return (
    existsSync(sqliteDriver) &&
    Object.entries(packagesOf('package-lock.json')).every(
      ([path, { version, dev, optional, devOptional }]) =>
        path === '' ||
        present[path]?.version === version ||
        (!present[path] && (optional || devOptional || (dev && !needsDev))),
    )
  );
}

/** @returns {Record<string, { version: string, dev?: boolean, optional?: boolean, devOptional?: boolean }>} */
function packagesOf(/** @type {string} */ lockfile) {
  const text = readIfThere(join(root, lockfile));
  return text ? JSON.parse(text).packages : {};
}

function install() {
  // Packages for development that are there already stay.
  const withDev =
    needsDev || Object.values(packagesOf('node_modules/.package-lock.json')).some(({ dev }) => dev);
  say('Installing packages. This takes a few minutes the first time.');
  const npm = process.env.npm_execpath;
  // `ci` deletes all packages first, and SQLite would be compiled again.
  const command = existsSync(sqliteDriver) ? ['install', '--no-save'] : ['ci'];
  const args = [
    ...command,
    withDev ? '--include=dev' : '--omit=dev',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const [program, ...before] = npm ? [process.execPath, npm] : ['npm'];
  // SQLite is compiled where no ready-made driver can be had: on all cores.
  run('Installing packages', program, [...before, ...args], {
    npm_config_nodedir: nodeHeaders(),
    JOBS: 'max',
  });
  for (const path of unneededAfterInstall) rmSync(join(root, path), { recursive: true, force: true });
}

/** The Node of the npm package, or where there is none for this machine, the one that runs this, if it is new enough. */
function findNode() {
  const ours = join(root, 'node_modules/node/bin/node');
  if (existsSync(ours)) return ours;
  if (Number.parseInt(process.versions.node, 10) >= oldestNode) return process.execPath;
  say(`Jawort needs Node ${oldestNode}, and npm has none for this machine. Install it, then try again.`);
  return process.exit(1);
}

/** The machine's own Node headers, so that a native package can be built without a download. */
function nodeHeaders() {
  const places = [process.env.npm_config_nodedir, dirname(dirname(process.execPath)), '/usr', '/usr/local'];
  return places.find((place) => place && existsSync(join(place, 'include/node/node_api.h')));
}

function build(/** @type {string} */ sources) {
  say('Building the pages.');
  run('Building the pages', node, [join(root, 'node_modules/astro/bin/astro.mjs'), 'build'], {
    ASTRO_TELEMETRY_DISABLED: '1',
    NODE_ENV: 'production',
  });
  loadOnce();
  writeSourceArchive(root, join(root, 'dist/source.tar.gz'));
  writeFileSync(buildStamp, sources);
}

/**
 * Loads the server and the commands once, so that Node has all of them compiled: for a single file that it has to strip
 * the types of, it keeps a compiler of 17 MB in memory for as long as the process runs.
 */
function loadOnce() {
  const { flags, variables } = programs.server;
  // With what they import only when they need it.
  const files = [
    'src/server/main.ts',
    ...['dist/server', 'db', 'src/mail', 'src/cli'].flatMap(filesUnder),
  ].filter(
    (path) => /\.m?[tj]s$/.test(path) && !/\.d\.ts$|\/(jawort\.ts|launch\.mjs|prepare\.mjs)$/.test(path),
  );
  const load = files.map((path) => `await import('./${path}');`).join('');
  run('Loading the server', node, [...flags, '--input-type=module', '--eval', load], variables);
}

/** A hash over every file that the build reads, by name and content. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const path of builtFrom.flatMap(filesUnder)) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** @returns {string[]} */
function filesUnder(/** @type {string} */ path) {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (!found?.isDirectory()) return found ? [path] : [];
  const names = readdirSync(join(root, path)).sort();
  return names.flatMap((name) => filesUnder(`${path}/${name}`));
}

function readIfThere(/** @type {string} */ path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/**
 * Runs to the end and shows the output only when it failed; standard output stays free for the command
 * that comes after.
 *
 * @param {string} what
 * @param {string | undefined} command
 * @param {string[]} args
 * @param {Record<string, string | undefined>} env
 */
function run(what, command, args, env) {
  const { status, error, stdout, stderr } = spawnSync(command ?? '', args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  say(`${what} failed (${error?.message ?? `exit code ${status}`}). The reason is above.`);
  process.exit(1);
}

function say(/** @type {string} */ text) {
  process.stderr.write(`${text}\n`);
}
