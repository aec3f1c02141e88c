import type { APIContext } from 'astro';
import { first } from '#src/forms/fields.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { queueStandingLetter } from '#src/letters/queue-standing-letter.ts';
import type { DeskPerson } from '#src/permissions/look-up-person.ts';
import { waysOfSayingNo, withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { channels, deskPaths, langOf, openDesk } from '../_desk.ts';

/** Withdraws everything, or one purpose on one channel. */
export async function answerPerson(context: APIContext, { current }: DeskPerson): Promise<Response> {
  const { app, actor } = openDesk(context);
  const fields = await readForm(context.request);
  if (first(fields, 'action') === 'letter') {
    await queueStandingLetter(app, actor, current.id);
    return context.redirect(deskPaths.person(current.id, { ...langOf(context), done: 'letter' }), 303);
  }
  const how = waysOfSayingNo.find((one) => one === first(fields, 'how'));
  const [purpose = '', on] = (first(fields, 'what') ?? '').split(':');
  const channel = channels.find((one) => one === on);
  if (!how || !(purpose === 'all' || channel)) throw new Problem(422);
  const what = purpose === 'all' ? {} : { purpose, channel };
  const result = await withdrawAtDesk(app, actor, { contactPoint: current.value, how, ...what });
  if (result.outcome !== 'withdrawn') throw new Problem(422);
  const done = result.changes.map((change) => `${change.purpose}:${change.channel}`).join(',');
  const query = { ...langOf(context), done: 'withdrawn', what: done, told: result.told };
  return context.redirect(deskPaths.person(current.id, query), 303);
}
