import type { APIContext } from 'astro';
import type { Channel } from '#db/schema/vocabulary.ts';
import { openDesk } from '#src/desk/open-desk.ts';
import { first } from '#src/forms/fields.ts';
import { namedIn } from '#src/http/frame.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import type { Block } from '#src/people/find-blocks.ts';
import { lookUpAddress } from '#src/permissions/look-up-address.ts';
import { waysOfSayingNo, withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { paths } from '#src/routes.ts';
import { channels } from './_desk.ts';

export interface LookUpAnswer {
  address: string;
  channel: Channel;
  outcome: 'invalid' | 'unknown' | 'several' | 'blocked';
  contactPointIds: string[];
  /** Who may be meant, for a person to choose. */
  candidateIds: string[];
  blocks: Block[];
  /** How many known people a no was about. */
  matched: number;
}

export async function answerLookUp(context: APIContext): Promise<Response | LookUpAnswer> {
  const { app, actor } = openDesk(context);
  const fields = await readForm(context.request);
  const address = (first(fields, 'address') ?? '').trim();
  const channel = channels.find((one) => one === first(fields, 'channel'));
  if (!channel) throw new Problem(422);
  const answer = { address, channel, contactPointIds: [], candidateIds: [], blocks: [], matched: 0 };
  if (first(fields, 'action') === 'block') {
    const how = waysOfSayingNo.find((one) => one === first(fields, 'how'));
    if (!how) throw new Problem(422);
    const result = await withdrawAtDesk(app, actor, { contactPoint: address, channel, how });
    if (result.outcome !== 'withdrawn') return { ...answer, outcome: 'invalid' };
    const candidateIds = result.candidates.map(({ contactPointId }) => contactPointId);
    return { ...answer, outcome: 'blocked', candidateIds, matched: result.matched };
  }
  const result = await lookUpAddress(app, actor, address, channel);
  if (result.outcome === 'unknown') return { ...answer, ...result };
  if (result.outcome === 'invalid') return { ...answer, outcome: 'invalid' };
  const [only, ...others] = result.contactPointIds;
  if (only && others.length === 0)
    return context.redirect(paths.staffPoint(only, { lang: namedIn(context.url) }), 303);
  return { ...answer, outcome: 'several', contactPointIds: result.contactPointIds };
}
