import type { APIContext } from 'astro';
import { acknowledgeFindings, overrideFinding } from '#src/consent-texts/accept-findings.ts';
import { approveVersion } from '#src/consent-texts/approve-version.ts';
import type { DescribedText, DescribedVersion } from '#src/consent-texts/describe-text.ts';
import { rejectVersion } from '#src/consent-texts/reject-version.ts';
import { returnToDraft } from '#src/consent-texts/return-to-draft.ts';
import { placeParts } from '#src/consent-texts/text-place.ts';
import { openDesk } from '#src/desk/open-desk.ts';
import { first } from '#src/forms/fields.ts';
import { readForm } from '#src/http/read-form.ts';
import { paths } from '#src/routes.ts';
import { passwordIsRecent } from '#src/staff/sessions.ts';
import { confirmPassword } from '#src/staff/sign-in.ts';

export interface ReviewAnswer {
  fault?: string;
  href: string;
  kept: { note: string; change: 'editorial' | 'material' };
  saved?: boolean;
}

export async function answerReview(
  context: APIContext,
  text: DescribedText,
  version: DescribedVersion,
): Promise<Response | ReviewAnswer> {
  const { app, actor, t } = openDesk(context);
  const fields = await readForm(context.request);
  const typed = (name: string) => first(fields, name) ?? '';
  const kept = {
    note: typed('note'),
    change: typed('change') === 'editorial' ? ('editorial' as const) : ('material' as const),
  };
  const opened = { revision: Number(typed('revision')), sha256: typed('sha256') };
  const [action = '', key = ''] = typed('action').split(':');
  const back = (done: string) =>
    context.redirect(paths.staffText(...placeParts(text.place), { version: version.id, done }), 303);
  const stay = (fault: string, href: string): ReviewAnswer => ({ fault, href, kept });

  if (action === 'return') {
    const result = await returnToDraft(app, actor, version.id, kept.note);
    return result.outcome === 'returned' ? back('returned') : stay(t('texts.fault.wrong_state'), '#note');
  }
  if (action === 'reject') {
    const result = await rejectVersion(app, actor, version.id, kept.note);
    if (result.outcome === 'rejected') return back('rejected');
    return stay(
      t(result.outcome === 'reason_missing' ? 'texts.fault.reason_missing' : 'texts.fault.wrong_state'),
      '#note',
    );
  }
  if (action === 'override') {
    const reason = typed(`reason-${key}`);
    const result = await overrideFinding(app, actor, version.id, { revision: opened.revision, key, reason });
    if (result.outcome === 'recorded') return { href: '#check', kept, saved: true };
    if (result.outcome === 'reason_missing') {
      return stay(t('texts.fault.reason_short', { least: result.least }), `#reason-${key}`);
    }
    return stay(t('texts.fault.changed_since_opened'), '#check');
  }
  if (action === 'acknowledge') {
    const keys = fields.acknowledge ?? [];
    const result = await acknowledgeFindings(app, actor, version.id, { revision: opened.revision, keys });
    if (result.outcome === 'recorded') return { href: '#check', kept, saved: true };
    return stay(t('texts.fault.nothing_ticked'), '#check');
  }
  const password = await passwordFault(context, typed('password'));
  if (password) return stay(password, '#password');
  const result = await approveVersion(app, actor, version.id, { ...opened, ...kept });
  switch (result.outcome) {
    case 'approved':
      return back('approved');
    case 'own_work':
      return stay(t('texts.fault.own_work'), '#content');
    case 'note_missing':
      return stay(t('texts.fault.note_missing'), '#note');
    case 'changed_since_opened':
      return stay(t('texts.fault.changed_since_opened'), '#words');
    case 'blocked':
      return stay(t('texts.fault.blocked', { count: result.check.errors.length }), '#check');
    case 'not_acknowledged':
      return stay(t('texts.fault.not_acknowledged', { count: result.check.warnings.length }), '#check');
    default:
      return stay(t('texts.fault.wrong_state'), '#content');
  }
}

/** Approving asks for the password again, unless it was typed within the last minutes. */
async function passwordFault(context: APIContext, password: string): Promise<string | undefined> {
  const { app, staff, t } = openDesk(context);
  if (password === '' && passwordIsRecent(app, staff.session)) return undefined;
  const { outcome } = await confirmPassword(app, staff, password);
  if (outcome === 'right') return undefined;
  return t(outcome === 'locked' ? 'texts.fault.password_locked' : 'texts.fault.password_wrong');
}
