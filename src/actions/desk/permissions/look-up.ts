/** What is posted where a person is looked up: the search itself, and the no of somebody unknown. */
import { z } from 'zod';
import type { Channel } from '#db/schema/vocabulary.ts';
import { channels } from '#src/desk/channels.ts';
import { againWith, deskAction, faultAt, redirect, show } from '#src/desk/desk-action.ts';
import type { Again } from '#src/http/action-result.ts';
import { oneOf, text } from '#src/http/form-schema.ts';
import { namedIn } from '#src/http/frame.ts';
import type { Block } from '#src/people/find-blocks.ts';
import { lookUpAddress } from '#src/permissions/look-up-address.ts';
import { waysOfSayingNo, withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { paths } from '#src/routes.ts';

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

type Answer = Response | Again<LookUpAnswer>;

const address = text.transform((typed) => typed.trim());
const asked = z.object({ address, channel: oneOf(channels) });
const nobody = { contactPointIds: [], candidateIds: [], blocks: [], matched: 0 };

const lookUp = deskAction('permissions.read', asked, async (desk, typed): Promise<Answer> => {
  const { app, actor, t, url } = desk;
  const answer = { ...nobody, ...typed };
  const result = await lookUpAddress(app, actor, typed.address, typed.channel);
  if (result.outcome === 'unknown') return show({ ...answer, ...result });
  if (result.outcome === 'invalid') {
    return againWith([faultAt('address', t('desk.invalid'))], { ...answer, outcome: 'invalid' });
  }
  const [only, ...others] = result.contactPointIds;
  if (only && others.length === 0) return redirect(paths.staffPoint(only, { lang: namedIn(url) }));
  return show({ ...answer, outcome: 'several', contactPointIds: result.contactPointIds });
});

/** Nobody known has this address; it gets no mail, call or letter from now on. */
const block = deskAction(
  'permissions.capture',
  asked.extend({ how: oneOf(waysOfSayingNo) }),
  async ({ app, actor, t }, { how, ...typed }): Promise<Answer> => {
    const answer = { ...nobody, ...typed };
    const contactPoint = typed.address;
    const result = await withdrawAtDesk(app, actor, { contactPoint, channel: typed.channel, how });
    if (result.outcome !== 'withdrawn') {
      return againWith([faultAt('address', t('desk.invalid'))], { ...answer, outcome: 'invalid' });
    }
    const candidateIds = result.candidates.map(({ contactPointId }) => contactPointId);
    return show({ ...answer, outcome: 'blocked', candidateIds, matched: result.matched });
  },
);

export const lookUpActions = { '': lookUp, 'look-up': lookUp, block };
