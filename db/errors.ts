/** What a write relied on has changed since it was read, so nothing was written. The work has to be done again. */
export class ConflictError extends Error {
  constructor(reason: string, cause?: unknown) {
    super(`Something changed between reading and writing: ${reason}.`, { cause });
  }
}

/** The database has not had the migration that makes it. */
export function isMissingTable(error: unknown): boolean {
  const { code, message } = problemOf(error);
  return code === '42P01' || message.includes('no such table');
}

export function isUniqueViolation(error: unknown): boolean {
  const { code, message } = problemOf(error);
  return code === '23505' || (code === 'SQLITE_CONSTRAINT' && message.includes('UNIQUE constraint failed'));
}

/**
 * The database cannot be used at the moment, and the same may succeed a little later: it is away, shutting down, full or
 * busy, or the connection was lost. After a lost connection nobody knows whether a COMMIT was carried out.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let cause = error, depth = 0; cause && depth < 4; cause = (cause as Error).cause, depth++) {
    const { code, message } = problemOf(cause);
    if (unavailableCode.test(code) || unavailableMessage.test(message)) return true;
  }
  return false;
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html: connections, sign-in, a missing database, resources,
// conflicts and timeouts, operator intervention, the system; then SQLite's, and Node's for the way there.
const unavailableCode = new RegExp(
  `^(?:${[
    '08...|28...|3D000|53...|57P0.|58...|25006|25P03|40001|40P01|55P03|57014',
    'SQLITE_(?:BUSY|CANTOPEN|CORRUPT|FULL|IOERR|LOCKED|NOMEM|NOTADB|PROTOCOL|READONLY)',
    'ECONN(?:REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENET(?:DOWN|UNREACH)',
  ].join('|')})$`,
);
const unavailableMessage =
  /^Connection terminated|^timeout exceeded when trying to connect|^Client (?:was closed|has encountered a connection error)|^Postgres connection has been discarded/;

export function problemOf(error: unknown): { code: string; message: string } {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return { code: String(code ?? ''), message: String(message ?? '') };
}
