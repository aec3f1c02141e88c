import type { App } from '#src/app/app.ts';
import type { OpenSession } from './sessions.ts';
import { passwordIsRecent } from './sessions.ts';
import { confirmPassword } from './sign-in.ts';

/** The password was typed lately, was typed now, or is still to be typed. */
export type PasswordProof = { outcome: 'recent' | 'needed' | 'wrong' | 'locked' };

/** For what must not be done at a desk that was left open: asks for the password unless it was typed lately. */
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
