import { z } from 'zod';
import { formLocale } from '#src/forms/form-definition.ts';
import { againWith, faultAt, redirect } from '#src/http/action-result.ts';
import { allowFraming } from '#src/http/allow-framing.ts';
import { clientOf } from '#src/http/client.ts';
import { sentAddress } from '#src/http/form-address.ts';
import { checkFields, text } from '#src/http/form-schema.ts';
import { frameOf, namedIn } from '#src/http/frame.ts';
import { wishedLocale } from '#src/http/locale.ts';
import { padResponseTime } from '#src/http/pad-response-time.ts';
import { readForm } from '#src/http/read-form.ts';
import { requireForm } from '#src/http/require-form.ts';
import { requireMailBudget } from '#src/http/require-mail-budget.ts';
import { type PlainKey, translator } from '#src/i18n/translate.ts';
import { type ConfirmByCodeResult, confirmByCode } from '#src/signups/confirm-by-code.ts';
import { resendByHandle } from '#src/signups/resend-confirmation.ts';
import type { Action } from './action.ts';

const input = z.object({ s: text, action: text, code: text });

/** The code of the mail, or the wish for another mail. */
export const enterCode: Action<{ handle: string; code: string }> = {
  async run(context) {
    const { url, request, locals, params } = context;
    const { app } = locals;
    const form = await requireForm(app, params.form);
    const frame = frameOf(url);
    if (frame.embedded) allowFraming(locals, form);
    const { s: handle, action: button, code } = checkFields(await readForm(request), input);
    const backTo = (again: boolean) =>
      redirect(sentAddress(form.key, handle, { ...frame, lang: namedIn(url), again }));
    if (button === 'resend') {
      await requireMailBudget(app);
      await padResponseTime(app, resendByHandle(app, handle));
      return backTo(true);
    }
    const { outcome } = await padResponseTime(app, confirmByCode(app, handle, code, clientOf(context)));
    if (outcome === 'confirmed') return backTo(false);
    const t = translator(formLocale(form, wishedLocale(request)));
    return againWith([faultAt('code', t(messages[outcome]))], { handle, code });
  },
};

// A handle that is not ours gets the answer that a wrong code gets: there is nothing to learn from it.
const messages: Record<Exclude<ConfirmByCodeResult['outcome'], 'confirmed'>, PlainKey> = {
  missing_code: 'error.missing_code',
  wrong_code: 'error.wrong_code',
  unknown_link: 'error.wrong_code',
  no_tries_left: 'error.no_tries_left',
  expired: 'error.code_expired',
  no_longer_asked: 'error.no_longer_asked',
};
