import { z } from 'zod';

export type Counts = { passed: number; failed: number; skipped: number };

export function sum(counts: Counts[]): Counts {
  const total = (of: keyof Counts) => counts.reduce((so, far) => so + far[of], 0);
  return { passed: total('passed'), failed: total('failed'), skipped: total('skipped') };
}

export function isClean({ passed, failed }: Counts): boolean {
  return failed === 0 && passed > 0;
}

/** A run that failed without a failed test (a file that could not be read, say) counts as one failure. */
export function countsOfVitest(ok: boolean, report: string | undefined): Counts {
  const { data } = vitestSchema.safeParse(parse(report));
  if (!data) return { passed: 0, failed: 1, skipped: 0 };
  const skipped = data.numPendingTests + data.numTodoTests;
  return atLeastOneFailure(ok, { passed: data.numPassedTests, failed: data.numFailedTests, skipped });
}

/** As for Vitest. A test that passed only when tried again is a failure. */
export function countsOfPlaywright(ok: boolean, report: string | undefined): Counts {
  const { data } = playwrightSchema.safeParse(parse(report));
  if (!data) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = data.stats;
  return atLeastOneFailure(ok, { passed: expected, failed: unexpected + flaky, skipped });
}

const count = z.int().nonnegative();
const vitestSchema = z.object({
  numPassedTests: count,
  numFailedTests: count,
  numPendingTests: count,
  numTodoTests: count,
});
const playwrightSchema = z.object({
  stats: z.object({ expected: count, unexpected: count, flaky: count, skipped: count }),
});

function atLeastOneFailure(ok: boolean, counts: Counts): Counts {
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

function parse(report: string | undefined): unknown {
  try {
    return JSON.parse(report ?? '');
  } catch {
    return undefined;
  }
}
