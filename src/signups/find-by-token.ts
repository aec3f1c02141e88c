import type { SignupTable } from '#db/schema/signups.ts';
import type { App } from '#src/app/app.ts';
import { tokenHash } from '#src/links/confirm-token.ts';
import { findByReplacedLink } from './purged-links.ts';

/** The signup that this token belongs to, or belonged to before a newer mail. */
export async function findByToken(
  app: App,
  token: string,
): Promise<{ signup: SignupTable; replaced: boolean } | undefined> {
  if (!/^[\w-]{43}$/.test(token)) return undefined;
  const hash = tokenHash(token);
  const byHash = (column: 'token_hash' | 'replaced_token_hash') =>
    app.db.selectFrom('signups').selectAll().where(column, '=', hash).executeTakeFirst();
  const current = await byHash('token_hash');
  if (current) return { signup: current, replaced: false };
  const signup = (await byHash('replaced_token_hash')) ?? (await findByReplacedLink(app.db, hash));
  return signup && { signup, replaced: true };
}

export function isOver(app: App, signup: SignupTable): boolean {
  return signup.state === 'open' && signup.expires_at <= app.now().toISOString();
}
