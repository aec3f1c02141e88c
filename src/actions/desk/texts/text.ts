/**
 * What is posted on the page of a text: begin a draft, set a date, take it back, stop, resume, retire, declare invalid.
 */
import { z } from 'zod';
import type { App } from '#src/app/app.ts';
import { createDraft } from '#src/consent-texts/create-draft.ts';
import type { DescribedText } from '#src/consent-texts/describe-text.ts';
import { invalidateVersion } from '#src/consent-texts/invalidate-version.ts';
import { scheduleVersion, unscheduleVersion } from '#src/consent-texts/schedule-version.ts';
import { placeParts } from '#src/consent-texts/text-place.ts';
import {
  againWith,
  type DeskAction,
  deskAction,
  faultAt,
  type OpenDesk,
  redirect,
} from '#src/desk/desk-action.ts';
import { requireText } from '#src/desk/require-text.ts';
import { publishDueTexts } from '#src/forms/publish-due-texts.ts';
import { resumeText, retireText, stopText } from '#src/forms/stop-text.ts';
import { text } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import { isoOfLocal } from '#src/i18n/local-time.ts';
import { paths } from '#src/routes.ts';
import type { Actor } from '#src/staff/actor.ts';
import { type Answer, done, lacking, type NextStep, type Refusal, refusal, refused } from './text-answers.ts';

type TextAction = DeskAction<NextStep | undefined>;

const typed = z.object({ version: text, when: text, at: text, reason: text, note: text });

const begin: TextAction = deskAction('texts.write', z.object({ from: text }), async (desk, { from }) => {
  const { app, actor, t } = desk;
  const { place } = await requireText(app.db, desk.params);
  const result = await createDraft(app, actor, place, from === 'blank' ? 'blank' : 'live');
  const href = paths.staffTextEdit(...placeParts(place));
  if (result.outcome === 'created') return redirect(href);
  if (result.outcome === 'unknown_purpose') throw new Problem(404);
  const message = t('texts.fault.already_open', { author: result.author || t('texts.someone') });
  return refused(message, { href, label: t('texts.fault.already_open.link') });
});

const schedule = onVersion(async (desk, { text, id, at, when: typed }) => {
  const { app, actor, t } = desk;
  const atOnce = at === 'once';
  const when = atOnce ? 'at_once' : isoOfLocal(typed);
  if (!when) return againWith([faultAt('when', t('texts.fault.invalid_time'))], undefined);
  const result = await scheduleVersion(app, actor, id, when);
  switch (result.outcome) {
    case 'scheduled':
      if (atOnce) await publishDueTexts(app);
      return done(text, id, atOnce ? 'published' : 'scheduled');
    case 'in_the_past':
    case 'invalid_time':
      return againWith([faultAt('when', t(`texts.fault.${result.outcome}`))], undefined);
    case 'translation_missing':
      return lacking(desk, text, result.lacking);
    case 'blocked':
      return refused(t('texts.fault.blocked', { count: result.check.errors.length }));
    default:
      return refusal(desk, result.outcome);
  }
});

const takeBack = onVersion(async (desk, { text, id, note }) => {
  const { outcome } = await unscheduleVersion(desk.app, desk.actor, id, note);
  return outcome === 'unscheduled' ? done(text, id, outcome) : refusal(desk, outcome);
});

const resume = onVersion(async (desk, { text, id, note, reason }) => {
  const { outcome } = await resumeText(desk.app, desk.actor, id, note || reason);
  return outcome === 'resumed' ? done(text, id, outcome) : refusal(desk, outcome);
});

/** The buttons of the page of a text. */
export const textActions: Record<string, TextAction> = {
  create: begin,
  schedule,
  unschedule: takeBack,
  stop: ending('stop', stopText),
  resume,
  retire: ending('retire', retireText),
  invalidate: ending('invalidate', invalidateVersion),
};

type Typed = z.output<typeof typed> & { text: DescribedText; id: string };

/** About the version that the form names; without one it is the one that is asked now. */
function onVersion(run: (desk: OpenDesk, typed: Typed) => Promise<Answer>): TextAction {
  return deskAction('texts.approve', typed, async (desk, sent): Promise<Answer> => {
    const text = await requireText(desk.app.db, desk.params);
    return run(desk, { ...sent, text, id: sent.version || (text.live?.id ?? '') });
  });
}

type Ended = 'stopped' | 'retired' | 'invalidated';
type EndResult = { outcome: Ended | 'reason_missing' | Refusal };

/** What needs a reason, in the field `{name}-reason`. */
function ending(
  name: 'stop' | 'retire' | 'invalidate',
  end: (app: App, actor: Actor, id: string, reason: string) => Promise<EndResult>,
): TextAction {
  return onVersion(async (desk, { text, id, reason }) => {
    const { outcome } = await end(desk.app, desk.actor, id, reason);
    switch (outcome) {
      case 'stopped':
      case 'retired':
      case 'invalidated':
        return done(text, id, outcome);
      case 'reason_missing':
        return againWith([faultAt(`${name}-reason`, desk.t('texts.fault.reason_missing'))], undefined);
      default:
        return refusal(desk, outcome);
    }
  });
}
