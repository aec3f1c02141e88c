import { createHash } from 'node:crypto';
import { type Adapter, Lucia, TimeSpan } from 'lucia';
import type { Db } from '#db/connect.ts';
import type { StaffSessionTable } from '#db/schema/staff.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { paths } from '#src/routes.ts';
import type { Actor } from './actor.ts';

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof luciaOf>;
    DatabaseUserAttributes: Actor;
    DatabaseSessionAttributes: StoredSession;
  }
}

type StoredSession = Omit<StaffSessionTable, 'session_hash' | 'staff_id' | 'expires_at'>;

export interface OpenSession {
  actor: Actor;
  session: StoredSession;
  /** Set if the session was extended and the cookie must be sent again. */
  cookie?: string;
}

/** Starts a session and returns its cookie. With `waitsForCode` it only opens the page for the code. */
export async function beginSession(
  app: App,
  staffId: string,
  { browser, waitsForCode }: { browser: string | null; waitsForCode: boolean },
): Promise<string> {
  const lucia = luciaOf(app);
  const at = app.now().toISOString();
  const session = await lucia.createSession(staffId, {
    id: newId(),
    created_at: at,
    password_at: at,
    waits_for_code: waitsForCode ? 1 : 0,
    browser,
  });
  return lucia.createSessionCookie(session.id).serialize();
}

/** `undefined` without a cookie, or if the session is unknown or has ended. */
export async function openSession(app: App, cookieHeader: string | null): Promise<OpenSession | undefined> {
  const lucia = luciaOf(app);
  const cookieValue = sessionCookieOf(cookieHeader ?? '');
  if (!cookieValue) return undefined;
  const { session, user } = await lucia.validateSession(cookieValue);
  if (!session) return undefined;
  return {
    actor: user.actor,
    session: session.stored,
    ...(session.fresh ? { cookie: lucia.createSessionCookie(cookieValue).serialize() } : {}),
  };
}

/** Ends one session of this staff member. False if there is none with this id. */
export async function endSession(db: Db, staffId: string, sessionId: string): Promise<boolean> {
  const ended = await db
    .deleteFrom('staff_sessions')
    .where('id', '=', sessionId)
    .where('staff_id', '=', staffId)
    .executeTakeFirst();
  return Number(ended.numDeletedRows) === 1;
}

/** Ends all sessions of a staff member, except `keep`. */
export async function endSessions(db: Db, staffId: string, keep?: string): Promise<void> {
  let query = db.deleteFrom('staff_sessions').where('staff_id', '=', staffId);
  if (keep) query = query.where('id', '<>', keep);
  await query.execute();
}

/** The cookie that removes the session cookie. */
export function endedCookie(app: App): string {
  return luciaOf(app).createBlankSessionCookie().serialize();
}

export async function sessionsOf(app: App, staffId: string): Promise<StoredSession[]> {
  return app.db
    .selectFrom('staff_sessions')
    .select(['id', 'created_at', 'password_at', 'waits_for_code', 'browser'])
    .where('staff_id', '=', staffId)
    .where('waits_for_code', '=', 0)
    .where('expires_at', '>', app.now().toISOString())
    .orderBy('created_at', 'desc')
    .execute();
}

/** Whether the password was entered recently enough for a sensitive action. */
export function passwordIsRecent(app: App, session: Pick<StoredSession, 'password_at'>): boolean {
  return app.now().getTime() - Date.parse(session.password_at) < recentMinutes * 60_000;
}

const recentMinutes = 10;

/** A session ends after a day without use, and after a week at most. Use in the second half of a day extends it. */
const lifetime = new TimeSpan(24, 'h');
const maxSessionDays = 7;
/** How long a session waits for the second factor. */
const secondStepMinutes = 10;

const cookieName = 'jawort_staff';

/**
 * The value of our cookie, if it can be valid. Lucia's own parser decodes all cookies of this host, and throws on an
 * invalid percent-encoding in a foreign one.
 */
function sessionCookieOf(header: string): string | undefined {
  const values = header.split(';').map((cookie) => cookie.trim().split('='));
  const value = values.find(([name]) => name === cookieName)?.[1];
  return value && /^[\w-]{1,100}$/.test(value) ? value : undefined;
}

function luciaOf(app: App) {
  return new Lucia(adapterOf(app), {
    sessionExpiresIn: lifetime,
    sessionCookie: {
      name: cookieName,
      attributes: { path: paths.staff(), sameSite: 'lax', secure: app.config.baseUrl.startsWith('https:') },
    },
    getUserAttributes: (actor) => ({ actor }),
    getSessionAttributes: (stored) => ({ stored }),
  });
}

/** Stores Lucia's sessions in our tables, with a hash of the cookie value only. */
function adapterOf({ db, now }: App): Adapter {
  // Lucia uses the machine's clock; stored times use the app's clock.
  const ahead = Date.now() - now().getTime();
  const stored = (date: Date) => new Date(date.getTime() - ahead).toISOString();
  return {
    getSessionAndUser: async (cookieValue) => {
      const row = await findSession(db, cookieValue);
      if (!row) return [null, null];
      const { staff_id: userId, expires_at, email, name, role, locale, ...attributes } = row;
      const expiresAt = new Date(Date.parse(expires_at) + ahead);
      const actor = { id: userId, email, name, role, locale };
      return [
        { id: cookieValue, userId, expiresAt, attributes },
        { id: userId, attributes: actor },
      ];
    },
    setSession: async ({ id, userId, expiresAt, attributes }) => {
      const soon = new Date(Date.now() + secondStepMinutes * 60_000);
      await db
        .insertInto('staff_sessions')
        .values({
          ...attributes,
          session_hash: hashOf(id),
          staff_id: userId,
          expires_at: stored(attributes.waits_for_code ? soon : expiresAt),
        })
        .execute();
    },
    updateSessionExpiration: async (cookieValue, expiresAt) => {
      const oldest = new Date(now().getTime() - maxSessionDays * 86_400_000).toISOString();
      await db
        .updateTable('staff_sessions')
        .set({ expires_at: stored(expiresAt) })
        .where('session_hash', '=', hashOf(cookieValue))
        .where('waits_for_code', '=', 0)
        .where('created_at', '>', oldest)
        .execute();
    },
    deleteSession: async (cookieValue) => {
      await db.deleteFrom('staff_sessions').where('session_hash', '=', hashOf(cookieValue)).execute();
    },
    deleteUserSessions: (userId) => endSessions(db, userId),
    deleteExpiredSessions: async () => {
      await db.deleteFrom('staff_sessions').where('expires_at', '<=', now().toISOString()).execute();
    },
    // Lucia expects cookie values here, which only the browsers have.
    getUserSessions: async () => [],
  };
}

async function findSession(db: Db, cookieValue: string) {
  return db
    .selectFrom('staff_sessions as session')
    .innerJoin('staff', 'staff.id', 'session.staff_id')
    .select(['session.id', 'session.staff_id', 'session.expires_at', 'session.created_at'])
    .select(['session.password_at', 'session.waits_for_code', 'session.browser'])
    .select(['staff.email', 'staff.name', 'staff.role', 'staff.locale'])
    .where('session.session_hash', '=', hashOf(cookieValue))
    .where('staff.disabled_at', 'is', null)
    .executeTakeFirst();
}

function hashOf(cookieValue: string): string {
  return createHash('sha256').update(cookieValue).digest('hex');
}
