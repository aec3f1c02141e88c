import { relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

export type Counts = { passed: number; failed: number; skipped: number };

/** What a run came to. `failures` says of each failure what it was, for whoever sees the end of the output only. */
export type Outcome = Counts & { failures: string[] };

export function sum(counts: Counts[]): Counts {
  const total = (of: keyof Counts) => counts.reduce((so, far) => so + far[of], 0);
  return { passed: total('passed'), failed: total('failed'), skipped: total('skipped') };
}

export function isClean({ passed, failed }: Counts): boolean {
  return failed === 0 && passed > 0;
}

/** A run that failed without a failed test (a file that could not be read, say) counts as one failure. */
export function outcomeOfVitest(ok: boolean, report: string | undefined): Outcome {
  const { data } = vitestSchema.safeParse(parse(report));
  if (!data) return noReport;
  const skipped = data.numPendingTests + data.numTodoTests;
  const failures = data.testResults.flatMap(({ name, message, status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && status === 'failed') return [described(name, '', message)];
    return failed.map(({ fullName, failureMessages }) => described(name, fullName, failureMessages[0]));
  });
  const { numPassedTests: passed, numFailedTests: failed } = data;
  return atLeastOneFailure(ok, { passed, failed, skipped, failures });
}

/** As for Vitest. A test that passed only when tried again is a failure. */
export function outcomeOfPlaywright(ok: boolean, report: string | undefined): Outcome {
  const { data } = playwrightSchema.safeParse(parse(report));
  if (!data) return noReport;
  const { expected, unexpected, flaky, skipped } = data.stats;
  const failures = data.suites.flatMap(failuresIn);
  return atLeastOneFailure(ok, { passed: expected, failed: unexpected + flaky, skipped, failures });
}

function failuresIn({ specs = [], suites = [] }: Suite): string[] {
  const failed = specs.flatMap(({ file, title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results }) => described(file, title, results.find(({ error }) => error)?.error?.message)),
  );
  return [...failed, ...suites.flatMap(failuresIn)];
}

const longestMessage = 600;

function described(file: string, title: string, message = ''): string {
  const place = relative(process.cwd(), resolve(file));
  const plain = stripVTControlCharacters(message).slice(0, longestMessage);
  return `${place}${title && ` › ${title}`}\n${plain.replace(/^/gm, '    ')}`;
}

const noReport: Outcome = { passed: 0, failed: 1, skipped: 0, failures: ['It left no report.'] };

const count = z.int().nonnegative();
const vitestSchema = z.object({
  numPassedTests: count,
  numFailedTests: count,
  numPendingTests: count,
  numTodoTests: count,
  testResults: z
    .array(
      z.object({
        name: z.string(),
        status: z.string(),
        message: z.string().optional(),
        assertionResults: z.array(
          z.object({
            status: z.string(),
            fullName: z.string(),
            failureMessages: z.array(z.string()).nullish().transform(textsOrNone),
          }),
        ),
      }),
    )
    .default([]),
});
const specSchema = z.object({
  file: z.string(),
  title: z.string(),
  tests: z.array(
    z.object({
      status: z.string(),
      results: z.array(z.object({ error: z.object({ message: z.string().optional() }).optional() })),
    }),
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
});

function textsOrNone(texts: string[] | null | undefined): string[] {
  return texts ?? [];
}

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
