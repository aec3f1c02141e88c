import { createHash } from 'node:crypto';
import { type Adapter, type DatabaseSession, Lucia, TimeSpan } from 'lucia';
import type { Db } from '#db/connect.ts';
import type { StaffSessionTable } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import { newId } from '#src/ids.ts';
import type { Actor } from './actor.ts';

declare module 'lucia' {
  interface Register {
    Lucia: ReturnType<typeof luciaOf>;
    DatabaseUserAttributes: Record<never, never>;
    DatabaseSessionAttributes: { browser: string | null; waitsForCode: boolean; passwordAt: string };
  }
}

export interface OpenSession {
  actor: Actor;
  session: StaffSessionTable;
  /** Given when the cookie has to be set again, because the session was prolonged. */
  cookie?: string;
}

/** Begins a session and returns its cookie. With `waitsForCode` it opens nothing but the page for the code. */
export async function beginSession(
  app: App,
  staffId: string,
  options: { browser: string | null; waitsForCode: boolean },
): Promise<string> {
  const lucia = luciaOf(app);
  const session = await lucia.createSession(staffId, { ...options, passwordAt: app.now().toISOString() });
  return lucia.createSessionCookie(session.id).serialize();
}

/** Whose session the cookie opens; `undefined` without one, with a made-up one, or after its end. */
export async function openSession(app: App, cookieHeader: string | null): Promise<OpenSession | undefined> {
  const lucia = luciaOf(app);
  const id = lucia.readSessionCookie(cookieHeader ?? '');
  if (!id) return undefined;
  const { session } = await lucia.validateSession(id);
  if (!session) return undefined;
  const row = await app.db
    .selectFrom('staff_sessions')
    .innerJoin('staff', 'staff.id', 'staff_sessions.staff_id')
    .selectAll('staff_sessions')
    .select(['staff.email', 'staff.name', 'staff.role', 'staff.locale', 'staff.disabled_at'])
    .where('session_hash', '=', hashOf(id))
    .executeTakeFirst();
  if (!row || row.disabled_at) return undefined;
  const { email, name, role, locale, disabled_at: _, ...stored } = row;
  return {
    actor: { id: row.staff_id, email, name, role, locale },
    session: stored,
    ...(session.fresh ? { cookie: lucia.createSessionCookie(id).serialize() } : {}),
  };
}

/** Ends one session. A member of staff ends only their own. */
export async function endSession(app: App, staffId: string, sessionId: string): Promise<boolean> {
  const ended = await app.db
    .deleteFrom('staff_sessions')
    .where('id', '=', sessionId)
    .where('staff_id', '=', staffId)
    .executeTakeFirst();
  return Number(ended.numDeletedRows) === 1;
}

export async function endOtherSessions(db: Db, staffId: string, keep?: string): Promise<void> {
  let query = db.deleteFrom('staff_sessions').where('staff_id', '=', staffId);
  if (keep) query = query.where('id', '<>', keep);
  await query.execute();
}

/** The cookie that takes the session's place once it has ended. */
export function endedCookie(app: App): string {
  return luciaOf(app).createBlankSessionCookie().serialize();
}

export async function sessionsOf(app: App, staffId: string): Promise<StaffSessionTable[]> {
  return app.db
    .selectFrom('staff_sessions')
    .selectAll()
    .where('staff_id', '=', staffId)
    .where('expires_at', '>', app.now().toISOString())
    .orderBy('created_at', 'desc')
    .execute();
}

/** Whether the password was typed lately enough for what must not be done at a desk left open. */
export function passwordIsRecent(app: App, session: StaffSessionTable): boolean {
  return app.now().getTime() - Date.parse(session.password_at) < recentMinutes * 60_000;
}

const recentMinutes = 10;

// Ends after half a day without use; each use in the second half prolongs it.
const lifetime = new TimeSpan(12, 'h');

function luciaOf(app: App) {
  return new Lucia(adapterOf(app), {
    sessionExpiresIn: lifetime,
    sessionCookie: {
      name: 'jawort_staff',
      attributes: { path: '/staff', sameSite: 'lax', secure: app.config.baseUrl.startsWith('https:') },
    },
  });
}

/** Lucia's sessions in our tables. The database knows only the hash of what the cookie holds. */
function adapterOf({ db, now }: App): Adapter {
  const found = async (sessionId: string): Promise<DatabaseSession | null> => {
    const row = await db
      .selectFrom('staff_sessions')
      .selectAll()
      .where('session_hash', '=', hashOf(sessionId))
      .executeTakeFirst();
    if (!row) return null;
    const attributes = {
      browser: row.browser,
      waitsForCode: row.waits_for_code === 1,
      passwordAt: row.password_at,
    };
    return { id: sessionId, userId: row.staff_id, expiresAt: new Date(row.expires_at), attributes };
  };
  return {
    getSessionAndUser: async (sessionId) => {
      const session = await found(sessionId);
      return [session, session && { id: session.userId, attributes: {} }];
    },
    // Lucia would hand out session ids here, which nobody has but the cookies.
    getUserSessions: async () => [],
    setSession: async ({ id, userId, expiresAt, attributes }) => {
      await db
        .insertInto('staff_sessions')
        .values({
          id: newId(),
          session_hash: hashOf(id),
          staff_id: userId,
          expires_at: expiresAt.toISOString(),
          created_at: now().toISOString(),
          password_at: attributes.passwordAt,
          waits_for_code: attributes.waitsForCode ? 1 : 0,
          browser: attributes.browser,
        })
        .execute();
    },
    updateSessionExpiration: async (sessionId, expiresAt) => {
      await db
        .updateTable('staff_sessions')
        .set({ expires_at: expiresAt.toISOString() })
        .where('session_hash', '=', hashOf(sessionId))
        .execute();
    },
    deleteSession: async (sessionId) => {
      await db.deleteFrom('staff_sessions').where('session_hash', '=', hashOf(sessionId)).execute();
    },
    deleteUserSessions: async (userId) => endOtherSessions(db, userId),
    deleteExpiredSessions: async () => {
      await db.deleteFrom('staff_sessions').where('expires_at', '<=', now().toISOString()).execute();
    },
  };
}

function hashOf(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex');
}
