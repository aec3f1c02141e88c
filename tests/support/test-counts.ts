import { relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

export type Counts = { passed: number; failed: number; skipped: number };

/** What a run came to. `failures` describes each failure, for readers who see only the end of the output. */
export type Outcome = Counts & { failures: string[] };

export function sum(counts: Counts[]): Counts {
  const total = (of: keyof Counts) => counts.reduce((so, far) => so + far[of], 0);
  return { passed: total('passed'), failed: total('failed'), skipped: total('skipped') };
}

export function isClean({ passed, failed }: Counts): boolean {
  return failed === 0 && passed > 0;
}

/** Reads what outcome-reporter.ts has written. A run that failed without a failed test counts as one failure. */
export function outcomeOfVitest(ok: boolean, report: string | undefined): Outcome {
  const { data } = outcomeSchema.safeParse(parse(report));
  return data ? atLeastOneFailure(ok, data) : noReport;
}

/** As for Vitest. A test that passed only when tried again is a failure. */
export function outcomeOfPlaywright(ok: boolean, report: string | undefined): Outcome {
  const { data } = playwrightSchema.safeParse(parse(report));
  if (!data) return noReport;
  const { expected, unexpected, flaky, skipped } = data.stats;
  const outside = data.errors.map(({ message }) => describeFailure('', 'outside of its tests', message));
  const failures = [...data.suites.flatMap(failuresIn), ...outside];
  const failed = unexpected + flaky + outside.length;
  return atLeastOneFailure(ok, { passed: expected, failed, skipped, failures });
}

function failuresIn({ specs = [], suites = [] }: Suite): string[] {
  const failed = specs.flatMap(({ file, title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results }) => describeFailure(file, title, results.find(({ error }) => error)?.error?.message)),
  );
  return [...failed, ...suites.flatMap(failuresIn)];
}

const longestMessage = 600;

/** `tests/a.test.ts › what it promises`, and below it the error without its colours. */
export function describeFailure(file: string, title: string, message = ''): string {
  const place = file && relative(process.cwd(), resolve(file));
  const plain = stripVTControlCharacters(message).slice(0, longestMessage);
  return `${[place, title].filter(Boolean).join(' › ')}\n${plain.replace(/^/gm, '    ')}`;
}

const noReport: Outcome = { passed: 0, failed: 1, skipped: 0, failures: ['It left no report.'] };

const count = z.int().nonnegative();
const outcomeSchema = z.object({
  passed: count,
  failed: count,
  skipped: count,
  failures: z.array(z.string()),
});
const errorSchema = z.object({ message: z.string().optional() });
const specSchema = z.object({
  file: z.string(),
  title: z.string(),
  tests: z.array(
    z.object({ status: z.string(), results: z.array(z.object({ error: errorSchema.optional() })) }),
  ),
});
interface Suite {
  specs?: z.infer<typeof specSchema>[];
  suites?: Suite[];
}
const suiteSchema: z.ZodType<Suite> = z.object({
  specs: z.array(specSchema).optional(),
  get suites() {
    return z.array(suiteSchema).optional();
  },
});
const playwrightSchema = z.object({
  stats: z.object({ expected: count, unexpected: count, flaky: count, skipped: count }),
  suites: z.array(suiteSchema).default([]),
  errors: z.array(errorSchema).default([]),
});

function atLeastOneFailure(ok: boolean, outcome: Outcome): Outcome {
  if (ok || outcome.failed > 0) return outcome;
  return { ...outcome, failed: 1, failures: [...outcome.failures, 'It failed outside of its tests.'] };
}

function parse(report: string | undefined): unknown {
  try {
    return JSON.parse(report ?? '');
  } catch {
    return undefined;
  }
}
