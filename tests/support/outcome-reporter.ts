import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';
import { describeFailure, type Outcome } from './test-counts.ts';

/** Writes what a run of Vitest came to into the file `OUTCOME_FILE`: also errors that no test threw. */
export default class OutcomeReporter implements Reporter {
  onTestRunEnd: Reporter['onTestRunEnd'] = (modules, unhandledErrors) => {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: ReturnType<TestCase['result']>['state']) =>
      tests.filter((test) => test.result().state === state).length;
    const failures = [
      ...tests.flatMap(failureOfTest),
      ...modules.flatMap((module) => [module, ...module.children.allSuites()].flatMap(failuresAround)),
      ...unhandledErrors.map((error) =>
        describeFailure('', 'outside of a test', `${error.message}\n${error.stack ?? ''}`),
      ),
    ];
    const outcome: Outcome = {
      passed: count('passed'),
      failed: failures.length,
      skipped: count('skipped') + count('pending'),
      failures,
    };
    writeFileSync(process.env.OUTCOME_FILE ?? '', JSON.stringify(outcome));
  };
}

function failureOfTest(test: TestCase): string[] {
  const { state, errors } = test.result();
  if (state !== 'failed') return [];
  return [describeFailure(test.module.moduleId, test.fullName, errors?.[0]?.message)];
}

/** A file that can't be loaded, a hook that fails. */
function failuresAround(suite: TestModule | TestSuite): string[] {
  const [file, title] =
    suite.type === 'module' ? [suite.moduleId, ''] : [suite.module.moduleId, suite.fullName];
  return suite.errors().map(({ message }) => describeFailure(file, title, message));
}
