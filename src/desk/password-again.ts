import type { App } from '#src/app/app.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { requireRecentPassword } from '#src/staff/recent-password.ts';
import type { OpenSession } from '#src/staff/sessions.ts';
import { type Fault, faultAt } from './desk-action.ts';

/** Nothing when the password was typed lately or just now; else what is wrong with it, at the field of `PasswordAgain`. */
export async function passwordFaults(
  { app, staff, t }: { app: App; staff: OpenSession; t: Translate },
  typed: string,
): Promise<Fault[]> {
  const { outcome } = await requireRecentPassword(app, staff, typed);
  return outcome === 'recent' ? [] : [faultAt('password_again', t(`staff.password_again.${outcome}`))];
}
