/** What is posted on the page of a person. */
import { z } from 'zod';
import { channels } from '#src/desk/channels.ts';
import {
  again,
  type DeskAction,
  deskAction,
  faultAt,
  type OpenDesk,
  redirect,
} from '#src/desk/desk-action.ts';
import { oneOf, text } from '#src/http/form-schema.ts';
import { namedIn } from '#src/http/frame.ts';
import { Problem } from '#src/http/problem.ts';
import { isoOfLocal } from '#src/i18n/local-time.ts';
import { queueStatusLetter } from '#src/letters/queue-status-letter.ts';
import { recordRegisterCheck } from '#src/permissions/check-register.ts';
import { liftRefusal } from '#src/permissions/lift-refusal.ts';
import {
  liftRestriction,
  restrictionReasons,
  restrictProcessing,
} from '#src/permissions/restrict-processing.ts';
import { revokeLinksAtDesk } from '#src/permissions/revoke-links.ts';
import { waysOfSayingNo, withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { paths } from '#src/routes.ts';

const how = oneOf(waysOfSayingNo);

const letter = deskAction('permissions.capture', z.object({}), async (desk) => {
  await queueStatusLetter(desk.app, desk.actor, idOf(desk));
  return done(desk, 'letter');
});

const restrict = deskAction(
  'permissions.capture',
  z.object({ reason: oneOf(restrictionReasons), how }),
  async (desk, { reason, how }) => {
    const result = await restrictProcessing(desk.app, desk.actor, idOf(desk), reason, how);
    if (result.outcome !== 'done') return done(desk, 'restriction_nothing');
    return done(desk, 'restricted', { told: result.notifiedBy });
  },
);

const lift = deskAction('permissions.capture', z.object({}), async (desk) => {
  const result = await liftRestriction(desk.app, desk.actor, idOf(desk));
  if (result.outcome !== 'done') return done(desk, 'restriction_nothing');
  return done(desk, 'unrestricted', { told: result.notifiedBy });
});

const revokeLinks = deskAction('permissions.capture', z.object({}), async (desk) => {
  if ((await revokeLinksAtDesk(desk.app, desk.actor, idOf(desk))) === 'unknown') throw new Problem(404);
  return done(desk, 'links_revoked');
});

const liftBlock = deskAction(
  'permissions.capture',
  z.object({ refusal: text, lift_reason: text }),
  async (desk, { refusal: refusalId, lift_reason }) => {
    const reason = lift_reason.trim().slice(0, 500);
    if (reason === '') return again([faultAt('lift_reason', desk.t('register.fault.lift_reason'))]);
    const lifted = await liftRefusal(desk.app, desk.actor, idOf(desk), { refusalId, reason });
    return done(desk, lifted === 'lifted' ? 'block_lifted' : 'block_nothing');
  },
);

/** A day counts from its beginning, so that a look never holds longer than it should. */
const register = deskAction(
  'permissions.capture',
  z.object({ result: text, day: text, list: text }),
  async (desk, { result, day, list }) => {
    const { app, actor, t } = desk;
    const checkedAt = isoOfLocal(`${day}T00:00`);
    const isPast = checkedAt !== undefined && checkedAt <= app.now().toISOString();
    const faults = [
      ...(result === 'free' || result === 'refused' ? [] : [faultAt('result', t('register.fault.result'))]),
      ...(isPast ? [] : [faultAt('day', t('register.fault.day'))]),
    ];
    if (faults.length > 0 || !checkedAt) return again(faults);
    const check = { refused: result === 'refused', checkedAt, list: list.trim().slice(0, 200) };
    const outcome = await recordRegisterCheck(app, actor, idOf(desk), check);
    if (outcome === 'no_register') throw new Problem(422);
    if (outcome === 'in_future') return again([faultAt('day', t('register.fault.day'))]);
    return done(desk, 'register');
  },
);

/** Everything, or one purpose on one channel (`newsletter:email`). */
const what = text.transform((typed, context) => {
  if (typed === 'all') return {};
  const [purpose = '', on] = typed.split(':');
  const channel = channels.find((one) => one === on);
  if (channel) return { purpose, channel };
  context.addIssue('names no channel');
  return z.NEVER;
});

/** @param contactPoint the address of the page, as it is kept */
function withdrawal(contactPoint: string): DeskAction {
  return deskAction('permissions.capture', z.object({ what, how }), async (desk, { what, how }) => {
    const result = await withdrawAtDesk(desk.app, desk.actor, { contactPoint, how, ...what });
    if (result.outcome !== 'withdrawn') throw new Problem(422);
    return done(desk, 'withdrawn', {
      what: result.changes.map(({ purpose, channel }) => `${purpose}:${channel}`).join(','),
      told: result.notifiedBy,
      ...(result.suppressed && { blocked: '1' }),
    });
  });
}

/** The buttons of the page of a person. */
export function personActions(contactPoint: string): Record<string, DeskAction> {
  return {
    letter,
    restrict,
    lift,
    'revoke-links': revokeLinks,
    lift_block: liftBlock,
    register,
    withdraw: withdrawal(contactPoint),
  };
}

function idOf({ params: { point = '' } }: OpenDesk): string {
  return point;
}

function done(desk: OpenDesk, name: string, more: Record<string, string> = {}): Response {
  return redirect(paths.staffPoint(idOf(desk), { lang: namedIn(desk.url), done: name, ...more }));
}
