/** `npm test`: every check there is, one after the other, and at the end one line that adds them up. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { ownTmpdir } from './support/files.ts';
import { ensureMachine } from './support/machine.ts';
import { type PostgresServer, startPostgres } from './support/postgres.ts';
import { isClean, type Outcome, outcomeOfPlaywright, outcomeOfVitest, sum } from './support/test-counts.ts';

process.chdir(resolve(import.meta.dirname, '..'));

const reports = mkdtempSync(join(tmpdir(), 'jawort-tests-'));
const vitestReport = join(reports, 'vitest.json');
const playwrightReport = join(reports, 'playwright.json');
const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());
process.once('SIGTERM', () => stopping.abort());

const outcomes = await runAll().finally(() => rmSync(reports, { recursive: true, force: true }));
const total = sum(outcomes);
// Once more and last: of a long output often only the end is kept.
for (const failure of outcomes.flatMap(({ failures }) => failures))
  process.stdout.write(`\nFAILED ${failure}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
process.exitCode = isClean(total) ? 0 : 1;

async function runAll(): Promise<Outcome[]> {
  const postgres = await setUp();
  if (!postgres) return [{ passed: 0, failed: 1, skipped: 0, failures: ['Setting up.'] }];
  try {
    return [
      // Each of these keeps one core busy.
      ...(await Promise.all([
        check('Format and lint', 'biome', ['check', '--error-on-warnings']),
        check('Types', 'tsc', ['--noEmit']),
        check('Types of pages', 'astro', ['check', '--tsconfig=tests/tsconfig.pages.json']),
        check('Unused code', 'knip'),
      ])),
      await vitest({ TEST_POSTGRES_URL: postgres.url }),
      await check('Build', 'node', ['src/cli/prepare.mjs']),
      await playwright({ TEST_POSTGRES_URL: postgres.url }),
    ];
  } finally {
    await postgres.stop();
  }
}

async function setUp(): Promise<PostgresServer | undefined> {
  try {
    ensureMachine();
    ownTmpdir();
    return await startPostgres();
  } catch (error) {
    process.stderr.write(`The tests cannot start. ${error instanceof Error ? error.message : error}\n`);
    return undefined;
  }
}

async function check(title: string, command: string, args: string[] = []): Promise<Outcome> {
  const ok = await run(title, command, args, {}, 'at the end');
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, failures: ok ? [] : [title] };
}

async function vitest(env: Record<string, string>): Promise<Outcome> {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`];
  const ok = await run('Tests', 'vitest', ['run', '--config=tests/vitest.config.ts', ...reporters], env);
  return outcomeOfVitest(ok, readReport(vitestReport));
}

async function playwright(env: Record<string, string>): Promise<Outcome> {
  const args = ['test', '--config=tests/playwright.config.ts', '--reporter=list,json'];
  const report = { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport };
  const ok = await run('Browser tests', 'playwright', args, { ...env, ...report });
  return outcomeOfPlaywright(ok, readReport(playwrightReport));
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
