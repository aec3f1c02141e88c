/** What is posted at the desk for letters. */
import { z } from 'zod';
import { deskAction } from '#src/desk/desk-action.ts';
import { redirect } from '#src/http/action-result.ts';
import { list, text } from '#src/http/form-schema.ts';
import { namedIn } from '#src/http/frame.ts';
import { Problem } from '#src/http/problem.ts';
import { dropLetter, markSent, returnToQueue } from '#src/letters/finish-letters.ts';
import { printLetters } from '#src/letters/print-letters.ts';
import { paths } from '#src/routes.ts';

/** Prints all letters or those that were ticked, or takes one off the list (`drop:` and its id). */
export const answerQueue = deskAction(
  'letters.print',
  z.object({ action: text, letter: list }),
  async ({ app, actor, url }, { action, letter: ticked }) => {
    const lang = namedIn(url);
    const backTo = (done: string) => redirect(paths.staffLetters({ lang, done }));
    if (action.startsWith('drop:')) {
      return backTo((await dropLetter(app, actor, action.slice('drop:'.length))) ? 'dropped' : 'gone');
    }
    if (action !== 'all' && action !== 'some') throw new Problem(422);
    const result = await printLetters(app, actor, action === 'all' ? 'all' : ticked);
    if (result.outcome !== 'nothing') return redirect(paths.staffLetterRun(result.runId, { lang }));
    return backTo(action === 'some' && ticked.length === 0 ? 'none_chosen' : 'nothing');
  },
);

const sent = deskAction('letters.print', z.object({}), async ({ app, actor, url, params: { run = '' } }) => {
  const count = await markSent(app, actor, run);
  return redirect(paths.staffLetters({ lang: namedIn(url), done: 'sent', count: String(count) }));
});

const backToQueue = deskAction(
  'letters.print',
  z.object({}),
  async ({ app, actor, url, params: { run = '' } }) => {
    const count = await returnToQueue(app, actor, run);
    return redirect(paths.staffLetters({ lang: namedIn(url), done: 'returned', count: String(count) }));
  },
);

/** The stack is in the post, or did not come out of the printer. */
export const runActions = { sent, return: backToQueue };
