import type { APIContext } from 'astro';
import { acknowledgeFindings, overrideFinding } from '#src/consent-texts/accept-findings.ts';
import { type Check, checkVersion } from '#src/consent-texts/check-version.ts';
import type { DescribedText, DescribedVersion } from '#src/consent-texts/describe-text.ts';
import { discardDraft } from '#src/consent-texts/discard-draft.ts';
import { type DraftInput, saveDraft } from '#src/consent-texts/save-draft.ts';
import { sendToReview } from '#src/consent-texts/send-to-review.ts';
import { checklist } from '#src/consent-texts/text-change.ts';
import { placeParts } from '#src/consent-texts/text-place.ts';
import { findVersion, type TextVersion } from '#src/consent-texts/text-version.ts';
import { openDesk } from '#src/desk/open-desk.ts';
import { type FormFields, first } from '#src/forms/fields.ts';
import { readForm } from '#src/http/read-form.ts';
import { paths } from '#src/routes.ts';

/** The page again, with what was typed still there. */
export interface EditAnswer {
  input: DraftInput;
  /** Shown at the top; none after a plain save or check. */
  fault?: string;
  href: string;
  /** Somebody saved in between. */
  stale?: { current: TextVersion; savedBy: string };
  saved?: boolean;
}

/** Every button of the page saves the words first, so that none loses them. */
export async function answerEdit(
  context: APIContext,
  text: DescribedText,
  draft: DescribedVersion,
): Promise<Response | EditAnswer> {
  const { app, actor, t } = openDesk(context);
  const fields = await readForm(context.request);
  const input = inputFrom(fields);
  const action = first(fields, 'action') ?? 'save';
  if (action === 'check') return { input, href: '#check' };
  if (action === 'discard') {
    const result = await discardDraft(app, actor, draft.id, input.revision);
    if (result.outcome !== 'discarded') return { input, fault: t('texts.fault.discard'), href: '#wording' };
    return context.redirect(paths.staffText(...placeParts(text.place), { done: 'discarded' }), 303);
  }
  const saved = await saveDraft(app, actor, draft.id, input);
  if (saved.outcome === 'unknown_version' || saved.outcome === 'wrong_state') {
    return { input, fault: t('texts.fault.wrong_state'), href: '#wording' };
  }
  if (saved.outcome === 'too_long') {
    return { input, fault: t('texts.fault.too_long', { most: saved.most }), href: '#wording' };
  }
  if (saved.outcome === 'stale') {
    const { current, savedBy } = saved;
    // Saving once more, after having seen the other words, is meant.
    const next = { ...input, revision: current.revision };
    return {
      input: next,
      stale: { current, savedBy },
      fault: t('texts.fault.stale', { name: savedBy }),
      href: '#other',
    };
  }
  const now = { ...input, revision: saved.revision };
  if (action === 'send') return send(context, text, draft, now);
  return judge(context, draft, now, fields, action);
}

function inputFrom(fields: FormFields): DraftInput {
  return {
    revision: Number(first(fields, 'revision')),
    wording: first(fields, 'wording') ?? '',
    change: first(fields, 'change') === 'material' ? 'material' : 'editorial',
    checklist: checklist.filter((item) => fields.checklist?.includes(item)),
    note: first(fields, 'note') ?? '',
  };
}

async function send(
  context: APIContext,
  text: DescribedText,
  draft: DescribedVersion,
  input: DraftInput,
): Promise<Response | EditAnswer> {
  const { app, actor, t } = openDesk(context);
  const version = await findVersion(app.db, draft.id);
  const opened = { revision: input.revision, sha256: version?.sha256 ?? '' };
  const result = await sendToReview(app, actor, draft.id, opened);
  switch (result.outcome) {
    case 'sent':
      return context.redirect(paths.staffText(...placeParts(text.place), { done: 'sent' }), 303);
    case 'blocked':
      return {
        input,
        fault: t('texts.fault.blocked', { count: result.check.errors.length }),
        href: '#check',
      };
    case 'not_acknowledged':
      return {
        input,
        fault: t('texts.fault.not_acknowledged', { count: result.check.warnings.length }),
        href: '#check',
      };
    case 'empty':
      return { input, fault: t('texts.fault.empty'), href: '#wording' };
    default:
      return { input, fault: t('texts.fault.wrong_state'), href: '#wording' };
  }
}

async function judge(
  context: APIContext,
  draft: DescribedVersion,
  input: DraftInput,
  fields: FormFields,
  action: string,
): Promise<EditAnswer> {
  const { app, actor, t } = openDesk(context);
  const [act, key = ''] = action.split(':');
  const { revision } = input;
  if (act === 'override') {
    const reason = first(fields, `reason-${key}`) ?? '';
    const result = await overrideFinding(app, actor, draft.id, { revision, key, reason });
    if (result.outcome === 'recorded')
      return { input: { ...input, revision: result.revision }, href: '#check', saved: true };
    const fault =
      result.outcome === 'reason_missing'
        ? t('texts.fault.reason_short', { least: result.least })
        : t('texts.fault.wrong_state');
    return { input, fault, href: `#reason-${key}` };
  }
  if (act === 'acknowledge') {
    const keys = fields.acknowledge ?? [];
    const result = await acknowledgeFindings(app, actor, draft.id, { revision, keys });
    if (result.outcome === 'recorded')
      return { input: { ...input, revision: result.revision }, href: '#check', saved: true };
    return { input, fault: t('texts.fault.nothing_ticked'), href: '#check' };
  }
  return { input, href: '#check', saved: true };
}

/** The check of what stands in the field now, saved or not. */
export async function checkOf(context: APIContext, draft: DescribedVersion, wording: string): Promise<Check> {
  const { app, locale } = openDesk(context);
  const now = (await findVersion(app.db, draft.id)) ?? draft;
  return checkVersion(app.db, { ...now, wording }, locale);
}
