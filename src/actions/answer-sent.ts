import { first } from '#src/forms/fields.ts';
import { formLocale, type PublishedForm } from '#src/forms/form-definition.ts';
import { clientOf } from '#src/http/client.ts';
import { type Frame, sentAddress } from '#src/http/form-address.ts';
import { namedIn } from '#src/http/frame.ts';
import { inLevelTime } from '#src/http/level-time.ts';
import { wishedLocale } from '#src/http/locale.ts';
import { readForm } from '#src/http/read-form.ts';
import { requireMailBudget } from '#src/http/require-mail-budget.ts';
import { seeOther } from '#src/http/see-other.ts';
import { type PlainKey, translator } from '#src/i18n/translate.ts';
import { type ConfirmByCodeResult, confirmByCode } from '#src/signups/confirm-by-code.ts';
import { resendByHandle } from '#src/signups/resend-confirmation.ts';
import type { ActContext } from './action-context.ts';

export interface SentAnswer {
  status: 422;
  handle: string;
  refused: { code: string; message: string };
}

/** The code of the mail, or the wish for another mail. */
export async function answerSent(
  context: ActContext,
  form: PublishedForm,
  frame: Frame,
): Promise<Response | SentAnswer> {
  const { app } = context.locals;
  const locale = formLocale(form, wishedLocale(context.request));
  const fields = await readForm(context.request);
  const handle = first(fields, 's') ?? '';
  const backTo = (again: boolean) =>
    seeOther(sentAddress(form.key, handle, { ...frame, lang: namedIn(context.url), again }));
  if (first(fields, 'action') === 'resend') {
    await requireMailBudget(app);
    await inLevelTime(app, resendByHandle(app, handle));
    return backTo(true);
  }
  const code = first(fields, 'code') ?? '';
  const { outcome } = await inLevelTime(app, confirmByCode(app, handle, code, clientOf(context)));
  if (outcome === 'confirmed') return backTo(false);
  return { status: 422, handle, refused: { code, message: translator(locale)(messages[outcome]) } };
}

// A handle that is not ours gets the answer that a wrong code gets: there is nothing to learn from it.
const messages: Record<Exclude<ConfirmByCodeResult['outcome'], 'confirmed'>, PlainKey> = {
  missing_code: 'error.missing_code',
  wrong_code: 'error.wrong_code',
  unknown_link: 'error.wrong_code',
  no_tries_left: 'error.no_tries_left',
  expired: 'error.code_expired',
  no_longer_asked: 'error.no_longer_asked',
};
