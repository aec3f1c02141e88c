import type { App } from '#src/app/app.ts';
import type { OpenSession } from './sessions.ts';
import { passwordIsRecent } from './sessions.ts';
import { confirmPassword } from './sign-in.ts';

/** `recent`: entered in the last minutes or now. `needed`: must still be entered. */
export type PasswordProof = { outcome: 'recent' | 'needed' | 'wrong' | 'locked' };

/** For sensitive actions: asks for the password again, unless it was entered recently. */
export async function requireRecentPassword(
  app: App,
  open: OpenSession,
  typed: string | undefined,
): Promise<PasswordProof> {
  if (passwordIsRecent(app, open.session)) return { outcome: 'recent' };
  if (!typed) return { outcome: 'needed' };
  const { outcome } = await confirmPassword(app, open, typed);
  return { outcome: outcome === 'right' ? 'recent' : outcome };
}
