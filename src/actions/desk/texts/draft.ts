/** What is posted on the page of a draft. Every button but the check saves the words first, so that none loses them. */
import { acknowledgeFindings, overrideFinding } from '#src/consent-texts/accept-findings.ts';
import type { DescribedText, DescribedVersion } from '#src/consent-texts/describe-text.ts';
import { discardDraft } from '#src/consent-texts/discard-draft.ts';
import { type DraftInput, saveDraft } from '#src/consent-texts/save-draft.ts';
import { sendToReview } from '#src/consent-texts/send-to-review.ts';
import { checklist } from '#src/consent-texts/text-change.ts';
import { placeParts } from '#src/consent-texts/text-place.ts';
import { findVersion, type TextVersion } from '#src/consent-texts/text-version.ts';
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

/** What was typed, with the revision that is saved by now. */
interface Shown {
  input: DraftInput;
  saved?: true;
  /** Somebody else saved meanwhile. */
  stale?: { current: TextVersion; savedBy: string };
}

interface Typed {
  text: DescribedText;
  draft: DescribedVersion;
  fields: FormFields;
  input: DraftInput;
}

type Answer = Response | Again<Shown>;

const check = onDraft(async (_, { input }) => show({ input }));

const save = onSaved(async (_, { input }) => show({ input, saved: true }));

const send = onSaved(async (desk, { text, draft, input }) => {
  const { app, actor, t } = desk;
  const version = await findVersion(app.db, draft.id);
  const opened = { revision: input.revision, sha256: version?.sha256 ?? '' };
  const result = await sendToReview(app, actor, draft.id, opened);
  switch (result.outcome) {
    case 'sent':
      return redirect(paths.staffText(...placeParts(text.place), { done: 'sent' }));
    case 'blocked': {
      const count = result.check.errors.length;
      return refused(input, 'check', t('texts.fault.blocked', { count }));
    }
    case 'not_acknowledged': {
      const count = result.check.warnings.length;
      return refused(input, 'check', t('texts.fault.not_acknowledged', { count }));
    }
    case 'empty':
      return refused(input, 'wording', t('texts.fault.empty'));
    default:
      return refused(input, 'wording', t('texts.fault.wrong_state'));
  }
});

/** `override:` and the key of the finding, with a reason. */
const override = onSaved(async ({ app, actor, t, argument: key }, { draft, fields, input }) => {
  const reason = first(fields, `reason-${key}`) ?? '';
  const { revision } = input;
  const result = await overrideFinding(app, actor, draft.id, { revision, key, reason });
  if (result.outcome === 'recorded') {
    return show({ input: { ...input, revision: result.revision }, saved: true });
  }
  const isShort = result.outcome === 'reason_missing';
  const message = isShort
    ? t('texts.fault.reason_short', { least: result.least })
    : t('texts.fault.wrong_state');
  return refused(input, `reason-${key}`, message);
});

const acknowledge = onSaved(async ({ app, actor, t }, { draft, fields, input }) => {
  const keys = fields.acknowledge ?? [];
  const result = await acknowledgeFindings(app, actor, draft.id, { revision: input.revision, keys });
  if (result.outcome !== 'recorded') return refused(input, 'check', t('texts.fault.nothing_ticked'));
  return show({ input: { ...input, revision: result.revision }, saved: true });
});

const discard = onDraft(async ({ app, actor, t }, { text, draft, input }) => {
  const result = await discardDraft(app, actor, draft.id, input.revision);
  if (result.outcome !== 'discarded') return refused(input, 'wording', t('texts.fault.discard'));
  return redirect(paths.staffText(...placeParts(text.place), { done: 'discarded' }));
});

/** The buttons of the page of a draft. */
export const draftActions: Record<string, DeskAction<Shown>> = {
  '': save,
  save,
  check,
  send,
  override,
  acknowledge,
  discard,
};

function onDraft(run: (desk: OpenDesk, typed: Typed) => Promise<Answer>): DeskAction<Shown> {
  return deskAction('texts.write', wholeForm, async (desk, fields): Promise<Answer> => {
    const text = await requireText(desk.app.db, desk.params);
    const draft = text.open;
    // Somebody sent it to review or discarded it since this page was opened.
    if (draft?.state !== 'draft') {
      return redirect(paths.staffText(...placeParts(text.place), { version: draft?.id }));
    }
    return run(desk, { text, draft, fields, input: inputFrom(fields) });
  });
}

function onSaved(run: (desk: OpenDesk, typed: Typed) => Promise<Answer>): DeskAction<Shown> {
  return onDraft(async (desk, typed) => {
    const { app, actor, t } = desk;
    const { draft, input } = typed;
    const result = await saveDraft(app, actor, draft.id, input);
    switch (result.outcome) {
      case 'saved':
        return run(desk, { ...typed, input: { ...input, revision: result.revision } });
      case 'too_long':
        return refused(input, 'wording', t('texts.fault.too_long', { most: result.most }));
      case 'stale': {
        const { current, savedBy } = result;
        const fault = faultAt('other', t('texts.fault.stale', { name: savedBy }));
        // Saving once more, after having seen the other words, is meant.
        const next = { ...input, revision: current.revision };
        return againWith([fault], { input: next, stale: { current, savedBy } });
      }
      default:
        return refused(input, 'wording', t('texts.fault.wrong_state'));
    }
  });
}

function refused(input: DraftInput, field: string, message: string): Again<Shown> {
  return againWith([faultAt(field, message)], { input });
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
