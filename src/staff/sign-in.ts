import type { StaffTable } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import { type Client, clientHint, clientNetwork } from '#src/limits/client.ts';
import { countHits, forgetHits } from '#src/limits/count-hits.ts';
import { recordAudit } from './audit.ts';
import { isPassword } from './passwords.ts';
import { beginSession, type OpenSession } from './sessions.ts';
import { checkSecondFactor } from './two-factor.ts';

export type SignInResult =
  | { outcome: 'signed_in'; cookie: string }
  | { outcome: 'code_needed'; cookie: string }
  | { outcome: 'wrong' }
  | { outcome: 'locked'; retryAfterSeconds: number };

/** Ten wrong passwords lock an account for a quarter of an hour, thirty a network. Counted in the database. */
const accountLimit = { most: 10, minutes: 15 };
const networkLimit = { most: 30, minutes: 15 };

/** Unknown, disabled, never answered the invitation, or a wrong password: one answer, in the same time. */
export async function signIn(
  app: App,
  typed: { email: string; password: string },
  client: Client,
): Promise<SignInResult> {
  const email = typed.email.trim().toLowerCase();
  const limits = [
    { rule: 'sign-in-account', subject: email, ...accountLimit },
    { rule: 'sign-in-network', subject: clientNetwork(client), ...networkLimit },
  ];
  // Counted before the password is looked at, so that tries sent at once do not share one.
  const hits = await app.db.transaction().execute((tx) => countHits(tx, app.keys, limits, app.now()));
  const locked = hits.find((hit) => hit.exceeded);
  if (locked) return { outcome: 'locked', retryAfterSeconds: secondsUntil(app, locked.resetsAt) };
  const staff = await app.db.selectFrom('staff').selectAll().where('email', '=', email).executeTakeFirst();
  const right = await isPassword(staff?.password_hash, typed.password);
  if (!staff || !right || staff.disabled_at) return { outcome: 'wrong' };
  const waitsForCode = staff.totp_confirmed_at !== null;
  await app.db.transaction().execute(async (tx) => {
    if (!waitsForCode) await forgetHits(tx, app.keys, limits.slice(0, 1));
    await audit(tx, app, staff, waitsForCode ? 'account.password_right' : 'account.signed_in');
  });
  const browser = clientHint(client).user_agent;
  const cookie = await beginSession(app, staff.id, { browser, waitsForCode });
  return { outcome: waitsForCode ? 'code_needed' : 'signed_in', cookie };
}

export type SecondFactorResult = { outcome: 'signed_in' | 'wrong' | 'locked' };

/** The second step of a session that waits for it. Counts against the account like a wrong password. */
export async function signInSecondStep(
  app: App,
  { session, actor }: OpenSession,
  code: string,
): Promise<SecondFactorResult> {
  return app.db.transaction().execute(async (tx): Promise<SecondFactorResult> => {
    const limit = { rule: 'sign-in-code', subject: actor.id, ...accountLimit };
    const [hit] = await countHits(tx, app.keys, [limit], app.now());
    if (hit?.exceeded) return { outcome: 'locked' };
    const staff = await tx
      .selectFrom('staff')
      .selectAll()
      .where('id', '=', actor.id)
      .executeTakeFirstOrThrow();
    if (!(await checkSecondFactor(tx, app, staff, code))) return { outcome: 'wrong' };
    await tx.updateTable('staff_sessions').set({ waits_for_code: 0 }).where('id', '=', session.id).execute();
    await forgetHits(tx, app.keys, [limit, { rule: 'sign-in-account', subject: actor.email }]);
    await audit(tx, app, staff, 'account.signed_in');
    return { outcome: 'signed_in' };
  });
}

/** Types the password again before what must not be done at a desk left open. */
export async function confirmPassword(
  app: App,
  { session, actor }: OpenSession,
  password: string,
): Promise<{ outcome: 'right' | 'wrong' | 'locked' }> {
  const limit = { rule: 'sign-in-account', subject: actor.email, ...accountLimit };
  const [hit] = await app.db.transaction().execute((tx) => countHits(tx, app.keys, [limit], app.now()));
  if (hit?.exceeded) return { outcome: 'locked' };
  const staff = await app.db
    .selectFrom('staff')
    .select('password_hash')
    .where('id', '=', actor.id)
    .executeTakeFirst();
  if (!(await isPassword(staff?.password_hash, password))) return { outcome: 'wrong' };
  await app.db.transaction().execute(async (tx) => {
    await forgetHits(tx, app.keys, [limit]);
    await tx
      .updateTable('staff_sessions')
      .set({ password_at: app.now().toISOString() })
      .where('id', '=', session.id)
      .execute();
  });
  return { outcome: 'right' };
}

function secondsUntil(app: App, resetsAt: string): number {
  return Math.max(1, Math.ceil((Date.parse(resetsAt) - app.now().getTime()) / 1000));
}

async function audit(tx: Parameters<typeof recordAudit>[0], app: App, staff: StaffTable, act: string) {
  await recordAudit(tx, app.now().toISOString(), staff, act, `staff:${staff.id}`);
}
