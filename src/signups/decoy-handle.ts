import type { App } from '#src/app/app.ts';
import type { Submission } from '#src/forms/parse-submission.ts';
import { newId } from '#src/ids/new-id.ts';
import { handleOf } from './sent-handle.ts';

/** A handle for what was never recorded, so that a robot sees the same answer as everyone. */
export function decoyHandle(app: App, submission: Submission): string {
  return handleOf(app, submission, newId(), app.now());
}
