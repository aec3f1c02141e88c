import type { APIContext } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { first } from '#src/forms/fields.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { dropLetter, markSent, returnToQueue } from '#src/letters/finish-letters.ts';
import { printLetters } from '#src/letters/print-letters.ts';
import { langOf, letterPaths } from './_paths.ts';

/** Prints all or those that were ticked, or takes one off the list. */
export async function answerQueue(context: APIContext): Promise<Response> {
  const { app, actor } = openDesk(context);
  const fields = await readForm(context.request);
  const action = first(fields, 'action') ?? '';
  const lang = langOf(context);
  if (action.startsWith('drop:')) {
    const dropped = await dropLetter(app, actor, action.slice('drop:'.length));
    return context.redirect(letterPaths.queue({ ...lang, done: dropped ? 'dropped' : 'gone' }), 303);
  }
  if (action !== 'all' && action !== 'some') throw new Problem(422);
  const which = action === 'all' ? 'all' : [fields.letter ?? []].flat();
  const result = await printLetters(app, actor, which);
  if (result.outcome === 'nothing') {
    const done = action === 'some' && which.length === 0 ? 'none_chosen' : 'nothing';
    return context.redirect(letterPaths.queue({ ...lang, done }), 303);
  }
  return context.redirect(letterPaths.run(result.runId, lang), 303);
}

/** The stack is in the post, or did not come out of the printer. */
export async function answerRun(context: APIContext, runId: string): Promise<Response> {
  const { app, actor } = openDesk(context);
  const action = first(await readForm(context.request), 'action');
  const lang = langOf(context);
  if (action === 'sent') {
    const count = await markSent(app, actor, runId);
    return context.redirect(letterPaths.queue({ ...lang, done: 'sent', count: String(count) }), 303);
  }
  if (action !== 'return') throw new Problem(422);
  const count = await returnToQueue(app, actor, runId);
  return context.redirect(letterPaths.queue({ ...lang, done: 'returned', count: String(count) }), 303);
}
