import type { APIContext } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { type FormFields, first } from '#src/forms/fields.ts';
import { namedIn } from '#src/http/frame.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { isoOfLocal } from '#src/i18n/local-time.ts';
import { queueStatusLetter } from '#src/letters/queue-status-letter.ts';
import { recordRegisterCheck } from '#src/permissions/check-register.ts';
import { liftRefusal } from '#src/permissions/lift-refusal.ts';
import type { DeskPerson } from '#src/permissions/look-up-person.ts';
import {
  liftRestriction,
  restrictionReasons,
  restrictProcessing,
} from '#src/permissions/restrict-processing.ts';
import { revokeLinksAtDesk } from '#src/permissions/revoke-links.ts';
import { waysOfSayingNo, withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { paths } from '#src/routes.ts';
import { channels } from '../_desk.ts';

/** What is wrong with a look into a register, or with the lifting of a block. */
export type RegisterFault = 'result' | 'day' | 'lift_reason';

/** The page once more, with what was typed about a register. */
export interface RegisterAnswer {
  faults: RegisterFault[];
  typed: Record<'result' | 'day' | 'list', string>;
}

/** Does what a button of the page says. Answers with the faults where something has to be put right first. */
export async function answerPerson(
  context: APIContext,
  { current }: DeskPerson,
): Promise<Response | RegisterAnswer> {
  const { app, actor } = openDesk(context);
  const fields = await readForm(context.request);
  const done = (name: string, more: Record<string, string> = {}) =>
    context.redirect(paths.staffPoint(current.id, { lang: namedIn(context.url), done: name, ...more }), 303);
  switch (first(fields, 'action')) {
    case 'letter':
      await queueStatusLetter(app, actor, current.id);
      return done('letter');
    case 'restrict': {
      const reason = restrictionReasons.find((one) => one === first(fields, 'reason'));
      const how = waysOfSayingNo.find((one) => one === first(fields, 'how'));
      if (!reason || !how) throw new Problem(422);
      const result = await restrictProcessing(app, actor, current.id, reason, how);
      return result.outcome === 'done'
        ? done('restricted', { told: result.notifiedBy })
        : done('restriction_nothing');
    }
    case 'lift': {
      const result = await liftRestriction(app, actor, current.id);
      return result.outcome === 'done'
        ? done('unrestricted', { told: result.notifiedBy })
        : done('restriction_nothing');
    }
    case 'revoke-links':
      if ((await revokeLinksAtDesk(app, actor, current.id)) === 'unknown') throw new Problem(404);
      return done('links_revoked');
    case 'lift_block': {
      const reason = (first(fields, 'lift_reason') ?? '').trim().slice(0, 500);
      if (reason === '') return { faults: ['lift_reason'], typed: { result: '', day: '', list: '' } };
      const refusalId = first(fields, 'refusal') ?? '';
      const lifted = await liftRefusal(app, actor, current.id, { refusalId, reason });
      return done(lifted === 'lifted' ? 'block_lifted' : 'block_nothing');
    }
    case 'register': {
      const answer = await answerRegister(context, current.id, fields);
      return answer.faults.length > 0 ? answer : done('register');
    }
    default:
      return answerWithdrawal(context, current, fields);
  }
}

/** A day counts from its beginning: so a look never holds longer than it should. */
async function answerRegister(
  context: APIContext,
  contactPointId: string,
  fields: FormFields,
): Promise<RegisterAnswer> {
  const { app, actor } = openDesk(context);
  const [result = '', day = '', list = ''] = ['result', 'day', 'list'].map((name) => first(fields, name));
  const typed = { result, day, list };
  const checkedAt = isoOfLocal(`${day}T00:00`);
  const faults: RegisterFault[] = [
    ...(result === 'free' || result === 'refused' ? [] : (['result'] as const)),
    ...(checkedAt && checkedAt <= app.now().toISOString() ? [] : (['day'] as const)),
  ];
  if (faults.length > 0 || !checkedAt) return { faults, typed };
  const check = { refused: result === 'refused', checkedAt, list: list.trim().slice(0, 200) };
  const outcome = await recordRegisterCheck(app, actor, contactPointId, check);
  if (outcome === 'no_register') throw new Problem(422);
  return { faults: outcome === 'in_future' ? ['day'] : [], typed };
}

/** Withdraws everything, or one purpose on one channel. */
async function answerWithdrawal(
  context: APIContext,
  current: DeskPerson['current'],
  fields: FormFields,
): Promise<Response> {
  const { app, actor } = openDesk(context);
  const how = waysOfSayingNo.find((one) => one === first(fields, 'how'));
  const [purpose = '', on] = (first(fields, 'what') ?? '').split(':');
  const channel = channels.find((one) => one === on);
  if (!how || !(purpose === 'all' || channel)) throw new Problem(422);
  const what = purpose === 'all' ? {} : { purpose, channel };
  const result = await withdrawAtDesk(app, actor, { contactPoint: current.value, how, ...what });
  if (result.outcome !== 'withdrawn') throw new Problem(422);
  const done = result.changes.map((change) => `${change.purpose}:${change.channel}`).join(',');
  const query = {
    lang: namedIn(context.url),
    done: 'withdrawn',
    what: done,
    told: result.notifiedBy,
    ...(result.suppressed && { blocked: '1' }),
  };
  return context.redirect(paths.staffPoint(current.id, query), 303);
}
