import type { DatabaseConnection, Driver } from 'kysely';
import { isActQuery } from '../driver-queries.ts';
import { closeSqliteFile, type SqliteFile } from './file.ts';
import { beginSnapshot, readAlone, streamAlone } from './reads.ts';
import { statementKind } from './statement-kind.ts';
import type { SqliteTransaction } from './transaction.ts';
import { beginTransaction, commitAct, writeAlone } from './writes.ts';

/**
 * What Kysely uses as a connection. It takes a reader, or waits for its turn on the writer, only when it knows which of the
 * two it needs.
 */
interface Session extends DatabaseConnection {
  transaction: SqliteTransaction | undefined;
}

/**
 * Kysely's driver over the asynchronous `sqlite3`. Reads run on readers beside the writer; writes take their turn in the
 * shared commit. Every isolation level is served as serializable.
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
    async beginTransaction(connection, { accessMode }) {
      const session = connection as Session;
      if (accessMode === 'read only') session.transaction = await beginSnapshot(file);
      else session.transaction = await beginTransaction(file.writer, file.shared, file.idleMillis);
    },
    async commitTransaction(connection) {
      await transactionOf(connection).commit();
      (connection as Session).transaction = undefined;
    },
    async rollbackTransaction(connection) {
      await transactionOf(connection).rollback();
      (connection as Session).transaction = undefined;
    },
    savepoint: (connection, name) => transactionOf(connection).script(`SAVEPOINT ${quoted(name)}`),
    rollbackToSavepoint: (connection, name) =>
      transactionOf(connection).script(`ROLLBACK TO ${quoted(name)}`),
    releaseSavepoint: (connection, name) => transactionOf(connection).script(`RELEASE ${quoted(name)}`),
    async releaseConnection() {},
    destroy: () => closeSqliteFile(file),
  };
}

function newSession(file: SqliteFile): Session {
  return {
    transaction: undefined,
    async executeQuery(query) {
      if (isActQuery(query)) {
        await commitAct(file.shared, query);
        return { rows: [] };
      }
      if (this.transaction) return this.transaction.execute(query);
      if (statementKind(query) === 'read') return readAlone(file, query);
      return writeAlone(file.writer, file.shared, query);
    },
    streamQuery(query, chunkSize) {
      return this.transaction
        ? this.transaction.stream(query, chunkSize)
        : streamAlone(file, query, chunkSize);
    },
  };
}

function transactionOf(connection: DatabaseConnection): SqliteTransaction {
  const { transaction } = connection as Session;
  if (!transaction) throw new Error('There is no transaction on this connection.');
  return transaction;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
