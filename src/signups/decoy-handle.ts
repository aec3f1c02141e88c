import type { App } from '#src/app/app.ts';
import type { Submission } from '#src/forms/parse-submission.ts';
import { newId } from '#src/ids/new-id.ts';
import { handleOf } from './sent-handle.ts';

/** A handle without a signup, so that a robot gets the same answer as everyone else. */
export function decoyHandle(app: App, submission: Submission): string {
  return handleOf(app, submission, newId(), app.now());
}
