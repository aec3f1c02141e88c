/**
 * `npm test`: every check there is, one after the other, and at the end one line that adds them up. With an argument a
 * part of it:
 *
 * - `check` (`npm run check`): format, lint, types, pages, unused code
 * - `unit` (`npm run test:unit`): the tests that need neither PostgreSQL nor a browser nor a built server
 * - `e2e` (`npm run test:e2e`): the tests in a real browser; file names after it choose some of them
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { ownTmpdir } from './support/files.ts';
import { ensureMachine } from './support/machine.ts';
import { startPostgres } from './support/postgres.ts';
import { isClean, type Outcome, outcomeOfPlaywright, outcomeOfVitest, sum } from './support/test-counts.ts';

process.chdir(resolve(import.meta.dirname, '..'));

const parts: Record<string, (args: string[]) => Promise<Outcome[]>> = {
  all: runAll,
  check: runChecks,
  unit: runUnitTests,
  e2e: runBrowserTests,
};

/** Tests that build the pages, start other programs, or compare so much that a minute would not be enough. */
const needMoreThanUnitTests = [
  'tests/server/*.test.ts',
  'tests/cli/{import,mails,prepare,receipt,scrub,source-archive}.test.ts',
  'tests/races*.test.ts',
  'tests/db/lost-*.test.ts',
  'tests/permissions/accept-bounce-mail.test.ts',
  'tests/decisions/{file-and-api,frequency}.test.ts',
  'tests/consent-texts/wording-speed.test.ts',
];

const reports = mkdtempSync(join(tmpdir(), 'jawort-tests-'));
const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());
process.once('SIGTERM', () => stopping.abort());

const outcomes = await runPart(process.argv.slice(2)).finally(() =>
  rmSync(reports, { recursive: true, force: true }),
);
const total = sum(outcomes);
// Repeated here because of a long output often only the end is kept.
for (const text of outcomes.flatMap(({ failures }) => failures)) process.stdout.write(`\nFAILED ${text}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = isClean(total) ? 0 : 1;

async function runPart([name = 'all', ...args]: string[]): Promise<Outcome[]> {
  const part = parts[name];
  const known = Object.keys(parts).join(', ');
  if (!part) return [failure(`There is no part "${name}". The parts are ${known}.`)];
  try {
    return await part(args);
  } catch (error) {
    return [failure(`The tests cannot start. ${error instanceof Error ? error.message : error}`)];
  }
}

async function runAll(): Promise<Outcome[]> {
  ensureMachine({ browser: true, postgres: true });
  ownTmpdir();
  const postgres = await startPostgres();
  try {
    return [
      ...(await runChecks()),
      await vitest({ TEST_POSTGRES_URL: postgres.url }),
      await check('Build', 'node', ['src/cli/prepare.mjs']),
      await playwright(),
    ];
  } finally {
    await postgres.stop();
  }
}

/** Each of these keeps one core busy. */
function runChecks(): Promise<Outcome[]> {
  return Promise.all([
    check('Format and lint', 'biome', ['check', '--error-on-warnings']),
    check('Types', 'tsc', ['--noEmit']),
    check('Types of pages', 'astro', ['check', '--tsconfig=tests/tsconfig.pages.json']),
    check('Unused code', 'knip'),
    check('Code that only tests use', 'knip', ['--production', '--exclude=dependencies']),
  ]);
}

/** On SQLite alone. */
async function runUnitTests(files: string[]): Promise<Outcome[]> {
  ownTmpdir();
  const excluded = needMoreThanUnitTests.map((path) => `--exclude=${path}`);
  return [await vitest({ TEST_DATABASES: 'sqlite' }, [...files, ...excluded])];
}

async function runBrowserTests(files: string[]): Promise<Outcome[]> {
  ensureMachine({ browser: true });
  ownTmpdir();
  const built = await check('Build', 'node', ['src/cli/prepare.mjs']);
  return built.failed > 0 ? [built] : [built, await playwright(files)];
}

async function check(title: string, command: string, args: string[] = []): Promise<Outcome> {
  const ok = await run(title, command, args, {}, 'at the end');
  return ok ? { passed: 1, failed: 0, skipped: 0, failures: [] } : failure(title);
}

function failure(text: string): Outcome {
  return { passed: 0, failed: 1, skipped: 0, failures: [text] };
}

async function vitest(env: Record<string, string>, more: string[] = []): Promise<Outcome> {
  const report = join(reports, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=./tests/support/outcome-reporter.ts'];
  const args = ['run', '--config=tests/vitest.config.ts', ...reporters, ...more];
  const ok = await run('Tests', 'vitest', args, { ...env, OUTCOME_FILE: report });
  return outcomeOfVitest(ok, readReport(report));
}

async function playwright(files: string[] = []): Promise<Outcome> {
  const report = join(reports, 'playwright.json');
  const args = ['test', ...files, '--config=tests/playwright.config.ts', '--reporter=list,json'];
  const ok = await run('Browser tests', 'playwright', args, { PLAYWRIGHT_JSON_OUTPUT_FILE: report });
  return outcomeOfPlaywright(ok, readReport(report));
}

/** Runs to the end with its output on ours, as it comes or in one piece; true when it succeeded. */
async function run(
  title: string,
  command: string,
  args: string[],
  env = {},
  output: 'as it comes' | 'at the end' = 'as it comes',
): Promise<boolean> {
  if (stopping.signal.aborted) return false;
  const together = output === 'at the end';
  if (!together) process.stdout.write(`\n── ${title}\n`);
  const started = Date.now();
  const bins = [resolve('node_modules/.bin'), dirname(process.execPath), process.env.PATH];
  const child = spawn(command, args, {
    stdio: together ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', PATH: bins.join(delimiter), ...env },
    signal: stopping.signal,
    timeout: 40 * 60_000,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  const code = await once(child, 'close').then(
    ([exitCode]) => exitCode,
    (error) => process.stderr.write(`${command}: ${error.message}\n`),
  );
  if (together) process.stdout.write(`\n── ${title}\n${said}`);
  process.stdout.write(`── ${title}: ${code === 0 ? 'passed' : 'FAILED'} (${Date.now() - started} ms)\n`);
  return code === 0;
}

function readReport(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
