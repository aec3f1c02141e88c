import type { DatabaseConnection, Driver } from 'kysely';
import { isSentLater, optimisticLevel } from '../driver-queries.ts';
import type { Act } from './act.ts';
import { closeSqliteFile, type SqliteFile } from './file.ts';
import { openOptimisticAct } from './optimistic-act.ts';
import { beginSnapshot, readAlone, streamAlone } from './reads.ts';
import { statementKind } from './statement-kind.ts';
import { beginAct, writeAlone } from './writes.ts';

/**
 * What Kysely takes for a connection. It binds to a reader or waits for its turn on the writer only
 * when it knows which of the two it needs.
 */
interface Session extends DatabaseConnection {
  act: Act | undefined;
}

/**
 * Kysely's driver over the asynchronous `sqlite3`. Reads run on readers beside the writer; whatever
 * writes takes its turn in the shared commit. Every isolation level is served as serializable, but for the one of
 * optimistic acts.
 */
export function sqliteDriver(open: () => Promise<SqliteFile>): Driver {
  let file: SqliteFile;

  return {
    async init() {
      file = await open();
    },
    async acquireConnection() {
      return newSession(file);
    },
    async beginTransaction(connection, { accessMode, isolationLevel }) {
      const session = connection as Session;
      if (isolationLevel === optimisticLevel) session.act = openOptimisticAct(file);
      else if (accessMode === 'read only') session.act = await beginSnapshot(file);
      else session.act = await beginAct(file.writer, file.shared, file.idleMillis);
    },
    async commitTransaction(connection) {
      await actOf(connection).commit();
      (connection as Session).act = undefined;
    },
    async rollbackTransaction(connection) {
      await actOf(connection).rollback();
      (connection as Session).act = undefined;
    },
    savepoint: (connection, name) => actOf(connection).script(`SAVEPOINT ${quoted(name)}`),
    rollbackToSavepoint: (connection, name) => actOf(connection).script(`ROLLBACK TO ${quoted(name)}`),
    releaseSavepoint: (connection, name) => actOf(connection).script(`RELEASE ${quoted(name)}`),
    async releaseConnection() {},
    destroy: () => closeSqliteFile(file),
  };
}

function newSession(file: SqliteFile): Session {
  return {
    act: undefined,
    async executeQuery(query) {
      if (this.act && isSentLater(query)) {
        this.act.later(query);
        return { rows: [] };
      }
      if (this.act) return this.act.execute(query);
      if (statementKind(query) === 'read') return readAlone(file, query);
      return writeAlone(file.writer, file.shared, query);
    },
    streamQuery(query, chunkSize) {
      return this.act ? this.act.stream(query, chunkSize) : streamAlone(file, query, chunkSize);
    },
  };
}

function actOf(connection: DatabaseConnection): Act {
  const { act } = connection as Session;
  if (!act) throw new Error('There is no transaction on this connection.');
  return act;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
