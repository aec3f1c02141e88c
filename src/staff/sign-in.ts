import type { StaffTable } from '#db/schema/staff.ts';
import type { App } from '#src/app/app.ts';
import { clientHint, clientNetwork } from '#src/limits/client.ts';
import { codeAttempts, countAttempt, passwordAttempts, resetAttempts, sessionAttempts } from './attempts.ts';
import { recordAudit } from './audit.ts';
import { isPassword } from './passwords.ts';
import { browserCookie, recogniseVisitor, rememberNetwork, type Visitor } from './recognise-visitor.ts';
import { beginSession, endSession, type OpenSession } from './sessions.ts';
import { staffEmail } from './staff-email.ts';
import { checkSecondFactor } from './two-factor.ts';

export type SignInResult =
  /** `browserCookie`: the account recognises this browser later. */
  | { outcome: 'signed_in'; cookie: string; browserCookie: string }
  | { outcome: 'code_needed'; cookie: string }
  | { outcome: 'wrong' }
  | { outcome: 'locked'; retryAfterSeconds: number };

/** The same result, in the same time, for an unknown or disabled account, one without a password, and a wrong password. */
export async function signIn(
  app: App,
  typed: { email: string; password: string },
  visitor: Visitor,
): Promise<SignInResult> {
  const email = staffEmail(typed.email) ?? typed.email.slice(0, 320);
  const staff = await app.db.selectFrom('staff').selectAll().where('email', '=', email).executeTakeFirst();
  const recognition = await recogniseVisitor(app, staff?.id, visitor);
  const attempt = await countAttempt(app, passwordAttempts(email, clientNetwork(visitor), recognition));
  if (attempt.outcome === 'locked') return attempt;
  const right = await isPassword(staff?.password_hash, typed.password);
  if (!staff || !right || staff.disabled_at) {
    await auditFailure(app, staff);
    return { outcome: 'wrong' };
  }
  const waitsForCode = staff.totp_confirmed_at !== null;
  await app.db.transaction().execute(async (tx) => {
    await resetAttempts(tx, app, attempt.attempts);
    if (waitsForCode) return;
    await rememberNetwork(tx, app, staff.id, visitor);
    await recordAudit(tx, at(app), staff, 'account.signed_in', `staff:${staff.id}`);
  });
  const browser = clientHint(visitor).user_agent;
  const cookie = await beginSession(app, staff.id, { browser, waitsForCode });
  if (waitsForCode) return { outcome: 'code_needed', cookie };
  return { outcome: 'signed_in', cookie, browserCookie: browserCookie(app, staff.id) };
}

export type SecondStepResult =
  | { outcome: 'signed_in'; cookie: string; browserCookie: string }
  | { outcome: 'wrong' }
  | { outcome: 'locked'; retryAfterSeconds: number };

/** Checks the second factor of a waiting session, and replaces it with a full session. */
export async function signInSecondStep(
  app: App,
  { session, actor }: OpenSession,
  code: string,
  visitor: Visitor,
): Promise<SecondStepResult> {
  const recognition = await recogniseVisitor(app, actor.id, visitor);
  const attempt = await countAttempt(app, codeAttempts(actor.id, clientNetwork(visitor), recognition));
  if (attempt.outcome === 'locked') return attempt;
  const right = await app.db.transaction().execute(async (tx) => {
    const staff = await tx
      .selectFrom('staff')
      .selectAll()
      .where('id', '=', actor.id)
      .executeTakeFirstOrThrow();
    const ended =
      (await checkSecondFactor(tx, app, staff, code)) && (await endSession(tx, actor.id, session.id));
    const act = ended ? 'account.signed_in' : 'account.sign_in_failed';
    await recordAudit(tx, at(app), actor, act, `staff:${actor.id}`, { second_step: true });
    if (!ended) return false;
    await resetAttempts(tx, app, attempt.attempts);
    await rememberNetwork(tx, app, actor.id, visitor);
    return true;
  });
  if (!right) return { outcome: 'wrong' };
  const cookie = await beginSession(app, actor.id, { browser: session.browser, waitsForCode: false });
  return { outcome: 'signed_in', cookie, browserCookie: browserCookie(app, actor.id) };
}

export type ConfirmPasswordResult = { outcome: 'right' | 'wrong' | 'locked' };

/** Checks the password again within an open session. */
export async function confirmPassword(
  app: App,
  { session, actor }: OpenSession,
  password: string,
): Promise<ConfirmPasswordResult> {
  const attempt = await countAttempt(app, sessionAttempts(session.id));
  if (attempt.outcome === 'locked') return { outcome: 'locked' };
  const staff = await app.db
    .selectFrom('staff')
    .selectAll()
    .where('id', '=', actor.id)
    .executeTakeFirstOrThrow();
  if (!(await isPassword(staff.password_hash, password))) {
    await auditFailure(app, staff);
    return { outcome: 'wrong' };
  }
  await app.db.transaction().execute(async (tx) => {
    await resetAttempts(tx, app, attempt.attempts);
    await tx
      .updateTable('staff_sessions')
      .set({ password_at: at(app) })
      .where('id', '=', session.id)
      .execute();
  });
  return { outcome: 'right' };
}

export async function signOut(app: App, { session, actor }: OpenSession): Promise<void> {
  await app.db.transaction().execute(async (tx) => {
    await endSession(tx, actor.id, session.id);
    await recordAudit(tx, at(app), actor, 'account.signed_out', `staff:${actor.id}`);
  });
}

// Also for an unknown address, so that the answer takes the same time.
async function auditFailure(app: App, staff: StaffTable | undefined): Promise<void> {
  const subject = `staff:${staff?.id ?? 'unknown'}`;
  await app.db
    .transaction()
    .execute((tx) => recordAudit(tx, at(app), null, 'account.sign_in_failed', subject));
}

function at(app: App): string {
  return app.now().toISOString();
}
