/** What is posted in front of the desks: signing in, the second step, a forgotten and a new password. */
import { z } from 'zod';
import { again, faultAt, redirect } from '#src/desk/desk-action.ts';
import { fieldSet, schemaOf } from '#src/desk/field-set.ts';
import { guestAction } from '#src/desk/guest-action.ts';
import { staffTarget } from '#src/desk/staff-guard.ts';
import { tooMany } from '#src/http/action-result.ts';
import { text } from '#src/http/form-schema.ts';
import { padResponseTime } from '#src/http/pad-response-time.ts';
import { cutLink } from '#src/links/cut-link.ts';
import { paths } from '#src/routes.ts';
import { openSession } from '#src/staff/sessions.ts';
import { signIn, signInSecondStep } from '#src/staff/sign-in.ts';
import { requestPasswordReset, setPasswordByToken } from '#src/staff/staff-tokens.ts';

export const signInFields = fieldSet({
  email: { schema: text, kind: 'email', label: 'staff.sign_in.email', autocomplete: 'username' },
  password: {
    schema: text,
    kind: 'password',
    label: 'staff.sign_in.password',
    autocomplete: 'current-password',
  },
});

export const signInWithPassword = guestAction(schemaOf(signInFields), async (guest, typed) => {
  const { app, t, url, visitor } = guest;
  const result = await padResponseTime(app, signIn(app, typed, visitor));
  const to = staffTarget(url.searchParams.get('to'));
  switch (result.outcome) {
    case 'signed_in':
      guest.setCookies([result.cookie, result.browserCookie]);
      return redirect(to);
    case 'code_needed':
      guest.setCookies([result.cookie]);
      return redirect(paths.staffCode({ to }));
    case 'wrong':
      return again([faultAt('email', t('staff.sign_in.wrong'))]);
    case 'locked': {
      const minutes = Math.ceil(result.retryAfterSeconds / 60);
      const fault = faultAt('email', t('staff.sign_in.locked', { minutes }));
      return tooMany([fault], result.retryAfterSeconds, undefined);
    }
  }
});

export const signInWithCode = guestAction(z.object({ code: text }), async (guest, { code }) => {
  const { app, t, url, visitor } = guest;
  const open = await openSession(app, visitor.cookies ?? null);
  if (!open) return redirect(paths.staffSignIn());
  const result = await signInSecondStep(app, open, code, visitor);
  switch (result.outcome) {
    case 'signed_in':
      guest.setCookies([result.cookie, result.browserCookie]);
      return redirect(staffTarget(url.searchParams.get('to')));
    case 'wrong':
      return again([faultAt('code', t('staff.code.wrong'))]);
    case 'locked':
      return tooMany([faultAt('code', t('staff.code.locked'))], result.retryAfterSeconds, undefined);
  }
});

/** The same answer in the same time, whether the address is one of ours or not. */
export const requestNewPassword = guestAction(z.object({ email: text }), async (guest, { email }) => {
  const { app, t, visitor } = guest;
  await padResponseTime(app, requestPasswordReset(app, email, visitor));
  return redirect(paths.staffPasswordRequest({ sent: '1', lang: t.locale }));
});

export const choosePassword = guestAction(z.object({ password: text }), async (guest, { password }) => {
  const { app, t, params } = guest;
  const result = await setPasswordByToken(app, cutLink(params.token ?? ''), password);
  if (result.outcome === 'set') {
    guest.setCookies([result.browserCookie]);
    return redirect(paths.staffPassword('set', { lang: t.locale }));
  }
  // Its page says that the link is used up.
  if (result.outcome !== 'refused') return again([]);
  return again([faultAt('password', t(`staff.password.fault.${result.fault}`))]);
});
