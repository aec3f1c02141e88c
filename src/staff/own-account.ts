import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import type { Actor } from './actor.ts';
import { recordAudit } from './audit.ts';
import { hashPassword, type PasswordFault, passwordFault } from './passwords.ts';
import { endSession, endSessions, type OpenSession } from './sessions.ts';
import { confirmPassword } from './sign-in.ts';

export async function changeOwnLocale(app: App, actor: Actor, locale: Locale | null): Promise<void> {
  await app.db.transaction().execute(async (tx) => {
    await tx.updateTable('staff').set({ locale }).where('id', '=', actor.id).execute();
    const at = app.now().toISOString();
    await recordAudit(tx, at, actor, 'account.language', `staff:${actor.id}`, { locale });
  });
}

/** Ends one of the actor's own sessions, e.g. on another computer. */
export async function endOwnSession(app: App, actor: Actor, sessionId: string): Promise<void> {
  await app.db.transaction().execute(async (tx) => {
    if (!(await endSession(tx, actor.id, sessionId))) return;
    await recordAudit(tx, app.now().toISOString(), actor, 'account.session_ended', `staff:${actor.id}`);
  });
}

export type ChangePasswordResult =
  | { outcome: 'changed' | 'wrong' | 'locked' }
  | { outcome: 'refused'; fault: PasswordFault };

/** Always asks for the current password. Ends all other sessions. */
export async function changeOwnPassword(
  app: App,
  open: OpenSession,
  { current, wished }: { current: string; wished: string },
): Promise<ChangePasswordResult> {
  const { actor, session } = open;
  const fault = passwordFault(wished, actor.email);
  if (fault) return { outcome: 'refused', fault };
  const { outcome } = await confirmPassword(app, open, current);
  if (outcome !== 'right') return { outcome };
  const password_hash = await hashPassword(wished);
  await app.db.transaction().execute(async (tx) => {
    await tx.updateTable('staff').set({ password_hash }).where('id', '=', actor.id).execute();
    await endSessions(tx, actor.id, session.id);
    await recordAudit(tx, app.now().toISOString(), actor, 'account.password_set', `staff:${actor.id}`);
  });
  return { outcome: 'changed' };
}
