/** What members of staff post about their own account. */
import { z } from 'zod';
import { deskAction } from '#src/desk/desk-action.ts';
import { fieldSet, schemaOf } from '#src/desk/field-set.ts';
import { passwordFaults } from '#src/desk/password-again.ts';
import { again, faultAt, redirect } from '#src/http/action-result.ts';
import { text } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import { isLocale } from '#src/i18n/locales.ts';
import { paths } from '#src/routes.ts';
import { changeOwnLocale, changeOwnPassword, endOwnSession } from '#src/staff/own-account.ts';
import {
  confirmTwoFactor,
  needsTwoFactor,
  prepareTwoFactor,
  removeTwoFactor,
  replaceRecoveryCodes,
} from '#src/staff/two-factor.ts';

const endSession = deskAction(
  'account.change',
  z.object({ session: text }),
  async ({ app, actor }, typed) => {
    await endOwnSession(app, actor, typed.session);
    return redirect(paths.staffAccount({ done: 'ended' }));
  },
);

const language = deskAction('account.change', z.object({ locale: text }), async ({ app, actor }, typed) => {
  await changeOwnLocale(app, actor, isLocale(typed.locale) ? typed.locale : null);
  return redirect(paths.staffAccount({ done: 'saved' }));
});

export const passwordFields = fieldSet({
  current: {
    schema: text,
    kind: 'password',
    label: 'staff.account.password.current',
    autocomplete: 'current-password',
  },
  wished: {
    schema: text,
    kind: 'password',
    label: 'staff.account.password.new',
    hint: 'staff.password.choose.hint',
    autocomplete: 'new-password',
  },
});

const password = deskAction('account.change', schemaOf(passwordFields), async ({ app, staff, t }, typed) => {
  const result = await changeOwnPassword(app, staff, typed);
  if (result.outcome === 'changed') return redirect(paths.staffAccount({ done: 'password' }));
  const fault =
    result.outcome === 'refused'
      ? faultAt('wished', t(`staff.password.fault.${result.fault}`))
      : faultAt('current', t(`staff.password_again.${result.outcome}`));
  return again([fault]);
});

/** The buttons of the account's page. */
export const accountActions = { end: endSession, language, password };

/** All buttons of the second factor ask for the password first. */
export const answerTwoFactor = deskAction(
  'account.change',
  z.object({ action: text, code: text, password_again: text }),
  async (desk, { action, code, password_again }) => {
    const { app, actor, t } = desk;
    const faults = await passwordFaults(desk, password_again);
    if (faults.length > 0) return again(faults);
    switch (action) {
      case 'prepare':
        await prepareTwoFactor(app, actor);
        return redirect(paths.staffTwoFactor());
      case 'confirm': {
        const { outcome } = await confirmTwoFactor(app, actor, code);
        if (outcome !== 'confirmed') return again([faultAt('code', t('staff.code.wrong'))]);
        return redirect(paths.staffTwoFactor({ done: 'turned_on' }));
      }
      case 'codes':
        await replaceRecoveryCodes(app, actor);
        return redirect(paths.staffTwoFactor({ done: 'renewed' }));
      case 'remove':
        if (needsTwoFactor(app, actor.role)) throw new Problem(403);
        await removeTwoFactor(app, actor, actor.id);
        return redirect(paths.staffTwoFactor({ done: 'turned_off' }));
      default:
        throw new Problem(422);
    }
  },
);
