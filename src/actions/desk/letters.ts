/** What is posted at the desk for letters. */
import { z } from 'zod';
import { deskAction, type OpenDesk, redirect } from '#src/desk/desk-action.ts';
import { list } from '#src/http/form-schema.ts';
import { namedIn } from '#src/http/frame.ts';
import { dropLetter, markSent, returnToQueue } from '#src/letters/finish-letters.ts';
import { printLetters } from '#src/letters/print-letters.ts';
import { paths } from '#src/routes.ts';

const all = deskAction('letters.print', z.object({}), (desk) => print(desk, 'all', 'nothing'));

const some = deskAction('letters.print', z.object({ letter: list }), (desk, { letter: ticked }) =>
  print(desk, ticked, ticked.length === 0 ? 'none_chosen' : 'nothing'),
);

/** Takes one off the list: `drop:` and its id. */
const drop = deskAction('letters.print', z.object({}), async ({ app, actor, url, argument: id }) => {
  const isDropped = await dropLetter(app, actor, id);
  return redirect(paths.staffLetters({ lang: namedIn(url), done: isDropped ? 'dropped' : 'gone' }));
});

/** The buttons of the list of letters. */
export const queueActions = { all, some, drop };

async function print({ app, actor, url }: OpenDesk, letters: 'all' | string[], ifNone: string) {
  const lang = namedIn(url);
  const result = await printLetters(app, actor, letters);
  if (result.outcome === 'nothing') return redirect(paths.staffLetters({ lang, done: ifNone }));
  return redirect(paths.staffLetterRun(result.runId, { lang }));
}

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
