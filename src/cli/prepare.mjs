/**
 * What `npm start`, `npm test` and `npm run jawort` run first: `prepare.mjs [install]`.
 *
 * It is plain JavaScript without a package, because on a bare clone there is neither a Node that strips
 * types nor a `node_modules`. When nothing has changed it only compares and is done in milliseconds.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asStarted } from './as-started.mjs';
import { writeSourceArchive } from './source-archive.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const node24 = join(root, 'node_modules/node/bin/node');
const builtBy = [node24, join(root, 'node_modules/sqlite3/build/Release/node_sqlite3.node')];
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

if (!isInstalled()) install();
if (process.argv[2] !== 'install') {
  const sources = fingerprint();
  if (readIfThere(buildStamp) !== sources) build(sources);
}

/** Whether `node_modules` holds every package of the lockfile in its version, with what they build. */
function isInstalled() {
  const present = packagesOf('node_modules/.package-lock.json');
  return (
    builtBy.every((path) => existsSync(path)) &&
    Object.entries(packagesOf('package-lock.json')).every(
      ([path, { version, optional }]) =>
        path === '' || present[path]?.version === version || (optional && !present[path]),
    )
  );
}

/** @returns {Record<string, { version: string, optional?: boolean }>} */
function packagesOf(/** @type {string} */ lockfile) {
  const text = readIfThere(join(root, lockfile));
  return text ? JSON.parse(text).packages : {};
}

function install() {
  say('Installing packages. This takes a few minutes the first time.');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const [command, ...before] = npm ? [process.execPath, npm] : ['npm'];
  run('Installing packages', command, [...before, ...args], { npm_config_nodedir: nodeHeaders() });
}

/** The machine's own Node headers, so that a native package can be built without a download. */
function nodeHeaders() {
  const places = [process.env.npm_config_nodedir, dirname(dirname(process.execPath)), '/usr', '/usr/local'];
  return places.find((place) => place && existsSync(join(place, 'include/node/node_api.h')));
}

function build(/** @type {string} */ sources) {
  say('Building the pages.');
  run('Building the pages', node24, [join(root, 'node_modules/astro/bin/astro.mjs'), 'build'], {
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
  const { flags, variables } = asStarted('start', 'src/server/main.ts');
  // With what they import only when they need it.
  const files = [
    'src/server/main.ts',
    ...['dist/server', 'db', 'src/mail', 'src/cli'].flatMap(filesUnder),
  ].filter((path) => /\.m?[tj]s$/.test(path) && !/\.d\.ts$|\/(jawort\.ts|prepare\.mjs)$/.test(path));
  const load = files.map((path) => `await import('./${path}');`).join('');
  run('Loading the server', node24, [...flags, '--input-type=module', '--eval', load], variables);
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
