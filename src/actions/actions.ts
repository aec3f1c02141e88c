import type { PageName } from '#src/routes.ts';
import type { Action } from './action.ts';
import { choosePreferences } from './change-preferences.ts';
import { answerConfirmation } from './confirm-signup.ts';
import { enterCode } from './enter-code.ts';
import { requestPreferencesLink } from './request-preferences-link.ts';
import { submitForm } from './submit-form.ts';
import { withdrawByLink } from './unsubscribe.ts';

/** What is posted to the pages for people. The desks answer in their pages, behind the guard. */
export const actions: { [Name in PageName]?: Action<unknown> } = {
  form: submitForm,
  formSent: enterCode,
  confirm: answerConfirmation,
  preferences: choosePreferences,
  preferencesRequest: requestPreferencesLink,
  unsubscribe: withdrawByLink,
};
