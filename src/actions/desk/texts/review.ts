/** What is posted on the page of a review. */

import type { TextChange } from '#db/schema/consent-texts.ts';
import { acknowledgeFindings, overrideFinding } from '#src/consent-texts/accept-findings.ts';
import { approveVersion } from '#src/consent-texts/approve-version.ts';
import type { DescribedText, DescribedVersion } from '#src/consent-texts/describe-text.ts';
import { rejectVersion } from '#src/consent-texts/reject-version.ts';
import { returnToDraft } from '#src/consent-texts/return-to-draft.ts';
import { placeParts } from '#src/consent-texts/text-place.ts';
import {
  againWith,
  type DeskAction,
  deskAction,
  faultAt,
  type OpenDesk,
  redirect,
  show,
} from '#src/desk/desk-action.ts';
import { requireText } from '#src/desk/require-text.ts';
import { type FormFields, first } from '#src/forms/fields.ts';
import type { Again } from '#src/http/action-result.ts';
import { wholeForm } from '#src/http/form-schema.ts';
import { paths } from '#src/routes.ts';
import { passwordIsRecent } from '#src/staff/sessions.ts';
import { confirmPassword } from '#src/staff/sign-in.ts';

/** What was typed. */
interface Shown {
  note: string;
  change: TextChange;
  saved?: true;
}

interface Typed {
  text: DescribedText;
  version: DescribedVersion;
  fields: FormFields;
  kept: Shown;
  /** What was on the page. */
  opened: { revision: number; sha256: string };
}

type Answer = Response | Again<Shown>;

const sendBack = onReview(async ({ app, actor, t }, { text, version, kept }) => {
  const { outcome } = await returnToDraft(app, actor, version.id, kept.note);
  if (outcome === 'returned') return done(text, version, 'returned');
  return refused(kept, 'note', t('texts.fault.wrong_state'));
});

const reject = onReview(async ({ app, actor, t }, { text, version, kept }) => {
  const { outcome } = await rejectVersion(app, actor, version.id, kept.note);
  if (outcome === 'rejected') return done(text, version, 'rejected');
  const why = outcome === 'reason_missing' ? 'texts.fault.reason_missing' : 'texts.fault.wrong_state';
  return refused(kept, 'note', t(why));
});

/** `override:` and the key of the finding, with a reason. */
const override = onReview(async ({ app, actor, t, argument: key }, { version, fields, kept, opened }) => {
  const reason = first(fields, `reason-${key}`) ?? '';
  const { revision } = opened;
  const result = await overrideFinding(app, actor, version.id, { revision, key, reason });
  if (result.outcome === 'recorded') return show({ ...kept, saved: true });
  if (result.outcome === 'reason_missing') {
    return refused(kept, `reason-${key}`, t('texts.fault.reason_short', { least: result.least }));
  }
  return refused(kept, 'check', t('texts.fault.changed_since_opened'));
});

const acknowledge = onReview(async ({ app, actor, t }, { version, fields, kept, opened }) => {
  const keys = fields.acknowledge ?? [];
  const result = await acknowledgeFindings(app, actor, version.id, { revision: opened.revision, keys });
  if (result.outcome === 'recorded') return show({ ...kept, saved: true });
  return refused(kept, 'check', t('texts.fault.nothing_ticked'));
});

const approve = onReview(async (desk, { text, version, fields, kept, opened }) => {
  const { app, actor, t } = desk;
  const password = await passwordFault(desk, first(fields, 'password') ?? '');
  if (password) return refused(kept, 'password', password);
  const { note, change } = kept;
  const result = await approveVersion(app, actor, version.id, { ...opened, note, change });
  switch (result.outcome) {
    case 'approved':
      return done(text, version, 'approved');
    case 'own_work':
      return refused(kept, 'content', t('texts.fault.own_work'));
    case 'note_missing':
      return refused(kept, 'note', t('texts.fault.note_missing'));
    case 'changed_since_opened':
      return refused(kept, 'words', t('texts.fault.changed_since_opened'));
    case 'blocked': {
      const count = result.check.errors.length;
      return refused(kept, 'check', t('texts.fault.blocked', { count }));
    }
    case 'not_acknowledged': {
      const count = result.check.warnings.length;
      return refused(kept, 'check', t('texts.fault.not_acknowledged', { count }));
    }
    default:
      return refused(kept, 'content', t('texts.fault.wrong_state'));
  }
});

/** The buttons of the page of a review. */
export const reviewActions: Record<string, DeskAction<Shown>> = {
  approve,
  return: sendBack,
  reject,
  override,
  acknowledge,
};

function onReview(run: (desk: OpenDesk, typed: Typed) => Promise<Answer>): DeskAction<Shown> {
  return deskAction('texts.write', wholeForm, async (desk, fields): Promise<Answer> => {
    const text = await requireText(desk.app.db, desk.params);
    const version = text.open;
    // Somebody decided since this page was opened.
    if (version?.state !== 'in_review') {
      return redirect(paths.staffText(...placeParts(text.place), { version: version?.id }));
    }
    const typed = (name: string) => first(fields, name) ?? '';
    const change = typed('change') === 'editorial' ? 'editorial' : 'material';
    const opened = { revision: Number(typed('revision')), sha256: typed('sha256') };
    return run(desk, { text, version, fields, kept: { note: typed('note'), change }, opened });
  });
}

function done({ place }: DescribedText, { id }: DescribedVersion, what: string): Response {
  return redirect(paths.staffText(...placeParts(place), { version: id, done: what }));
}

function refused(kept: Shown, field: string, message: string): Again<Shown> {
  return againWith([faultAt(field, message)], kept);
}

/** Approving asks for the password again, unless it was typed within the last minutes. */
async function passwordFault({ app, staff, t }: OpenDesk, password: string): Promise<string | undefined> {
  if (password === '' && passwordIsRecent(app, staff.session)) return undefined;
  const { outcome } = await confirmPassword(app, staff, password);
  if (outcome === 'right') return undefined;
  return t(outcome === 'locked' ? 'texts.fault.password_locked' : 'texts.fault.password_wrong');
}
