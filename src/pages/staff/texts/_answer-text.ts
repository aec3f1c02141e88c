import type { APIContext } from 'astro';
import { createDraft } from '#src/consent-texts/create-draft.ts';
import type { DescribedText } from '#src/consent-texts/describe-text.ts';
import { invalidateVersion } from '#src/consent-texts/invalidate-version.ts';
import {
  type MissingTranslation,
  scheduleVersion,
  unscheduleVersion,
} from '#src/consent-texts/schedule-version.ts';
import { placeParts } from '#src/consent-texts/text-place.ts';
import { openDesk } from '#src/desk/open-desk.ts';
import { type FormFields, first } from '#src/forms/fields.ts';
import { publishDueTexts } from '#src/forms/publish-due-texts.ts';
import { resumeText, retireText, stopText } from '#src/forms/stop-text.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { isoOfLocal } from '#src/i18n/local-time.ts';
import { languageName } from '#src/i18n/names.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { paths } from '#src/routes.ts';

/** What stands in the way, in one sentence, and what was typed. */
export interface Refused {
  message: string;
  href: string;
  kept: { when: string; reason: string; note: string };
  link?: { href: string; label: string };
}

/** The acts of the text page: begin a draft, set a date, take it back, stop, resume, retire, declare invalid. */
export async function answerText(context: APIContext, text: DescribedText): Promise<Response | Refused> {
  const fields = await readForm(context.request);
  const action = first(fields, 'action') ?? '';
  const act = Object.hasOwn(acts, action) ? acts[action] : undefined;
  if (!act) throw new Problem(422);
  const typed = (name: string) => first(fields, name) ?? '';
  const kept = { when: typed('when'), reason: typed('reason'), note: typed('note') };
  // Without a version it is the one that is asked now.
  const id = typed('version') || (text.live?.id ?? '');
  const result = await act({ context, text, fields, id, kept });
  if (typeof result === 'string') return context.redirect(result, 303);
  return { href: '#acts', kept, ...result };
}

interface Act {
  context: APIContext;
  text: DescribedText;
  fields: FormFields;
  id: string;
  kept: Refused['kept'];
}

type Answer = string | (Pick<Refused, 'message'> & Partial<Refused>);

const acts: Record<string, (act: Act) => Promise<Answer>> = {
  create: begin,
  schedule,
  unschedule: takeBack,
  stop,
  resume,
  retire,
  invalidate,
};

async function begin({ context, text, fields }: Act): Promise<Answer> {
  const { app, actor, t } = openDesk(context);
  const from = first(fields, 'from') === 'blank' ? 'blank' : 'live';
  const result = await createDraft(app, actor, text.place, from);
  if (result.outcome === 'created') return paths.staffTextEdit(...placeParts(text.place));
  if (result.outcome === 'unknown_purpose') throw new Problem(404);
  return {
    message: t('texts.fault.already_open', { author: result.author || t('texts.someone') }),
    link: { href: paths.staffTextEdit(...placeParts(text.place)), label: t('texts.fault.already_open.link') },
  };
}

async function schedule({ context, text, id, kept, fields }: Act): Promise<Answer> {
  const { app, actor, t } = openDesk(context);
  const atOnce = first(fields, 'at') === 'once';
  const when = atOnce ? 'at_once' : isoOfLocal(kept.when);
  if (!when) return { message: t('texts.fault.invalid_time'), href: '#when' };
  const result = await scheduleVersion(app, actor, id, when);
  switch (result.outcome) {
    case 'scheduled':
      if (atOnce) await publishDueTexts(app);
      return paths.staffText(...placeParts(text.place), {
        version: id,
        done: atOnce ? 'published' : 'scheduled',
      });
    case 'in_the_past':
      return { message: t('texts.fault.in_the_past'), href: '#when' };
    case 'invalid_time':
      return { message: t('texts.fault.invalid_time'), href: '#when' };
    case 'translation_missing':
      return lacking(t, text, result.lacking);
    case 'blocked':
      return { message: t('texts.fault.blocked', { count: result.check.errors.length }) };
    default:
      return refusal(t, result.outcome);
  }
}

function lacking(t: Translate, text: DescribedText, found: MissingTranslation[]): Answer {
  const [one] = found;
  if (!one) throw new Problem(422);
  const language = languageName(one.locale, t.locale);
  const state = one.state === 'none' ? t('texts.missing') : t(`texts.state.${one.state}`);
  return {
    message: t('texts.fault.translation_missing', { language, state, forms: one.forms.join(', ') }),
    link: {
      href: paths.staffText(...placeParts({ ...text.place, locale: one.locale })),
      label: t('texts.fault.translation_missing.link', { language }),
    },
  };
}

async function takeBack({ context, text, id, kept }: Act): Promise<Answer> {
  const { app, actor, t } = openDesk(context);
  const result = await unscheduleVersion(app, actor, id, kept.note);
  if (result.outcome !== 'unscheduled') return refusal(t, result.outcome);
  return paths.staffText(...placeParts(text.place), { version: id, done: 'unscheduled' });
}

async function stop({ context, text, id, kept }: Act): Promise<Answer> {
  const { app, actor, t } = openDesk(context);
  const result = await stopText(app, actor, id, kept.reason);
  if (result.outcome === 'stopped')
    return paths.staffText(...placeParts(text.place), { version: id, done: 'stopped' });
  if (result.outcome === 'reason_missing') {
    return { message: t('texts.fault.reason_missing'), href: '#stop-reason' };
  }
  return refusal(t, result.outcome);
}

async function resume({ context, text, id, kept }: Act): Promise<Answer> {
  const { app, actor, t } = openDesk(context);
  const result = await resumeText(app, actor, id, kept.note || kept.reason);
  if (result.outcome === 'resumed')
    return paths.staffText(...placeParts(text.place), { version: id, done: 'resumed' });
  return refusal(t, result.outcome);
}

async function retire({ context, text, id, kept }: Act): Promise<Answer> {
  const { app, actor, t } = openDesk(context);
  const result = await retireText(app, actor, id, kept.reason);
  if (result.outcome === 'retired')
    return paths.staffText(...placeParts(text.place), { version: id, done: 'retired' });
  if (result.outcome === 'reason_missing') {
    return { message: t('texts.fault.reason_missing'), href: '#retire-reason' };
  }
  return refusal(t, result.outcome);
}

async function invalidate({ context, text, id, kept }: Act): Promise<Answer> {
  const { app, actor, t } = openDesk(context);
  const result = await invalidateVersion(app, actor, id, kept.reason);
  if (result.outcome === 'invalidated') {
    return paths.staffText(...placeParts(text.place), { version: id, done: 'invalidated' });
  }
  if (result.outcome === 'reason_missing') {
    return { message: t('texts.fault.reason_missing'), href: '#invalidate-reason' };
  }
  return refusal(t, result.outcome);
}

type Refusing = 'wrong_state' | 'already_invalid' | 'already_stopped' | 'not_stopped' | 'own_stop';

function refusal(t: Translate, outcome: 'unknown_version' | Refusing): Answer {
  if (outcome === 'unknown_version') throw new Problem(404);
  return { message: t(`texts.fault.${outcome}`) };
}
