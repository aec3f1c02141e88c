import { AsyncLocalStorage } from 'node:async_hooks';
import type { DatabaseConnection, Dialect, Driver } from 'kysely';

/**
 * Inside a transaction only `tx` may be used. `db` would wait for ever for the writer that the transaction holds, or would
 * not see what the transaction wrote. So using it fails at once with an error that says so.
 */
export function forbidDbInTransaction(dialect: Dialect): Dialect {
  return {
    createDriver: () => guarded(dialect.createDriver()),
    createAdapter: () => dialect.createAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  };
}

interface Scope {
  driver: Driver;
  open: boolean;
}

const scopes = new AsyncLocalStorage<Scope>();

function guarded(driver: Driver): Driver {
  const scopeOf = new WeakMap<DatabaseConnection, Scope>();

  function leave(connection: DatabaseConnection): void {
    const scope = scopeOf.get(connection);
    if (scope) scope.open = false;
  }

  return {
    init: (options) => driver.init(options),
    acquireConnection(options) {
      const scope = scopes.getStore();
      if (scope?.open && scope.driver === driver) throw new Error(message);
      return driver.acquireConnection(options);
    },
    async beginTransaction(connection, settings) {
      // Entered before the first await, so that it covers the callback of the transaction and nothing after it.
      const scope = { driver, open: true };
      scopes.enterWith(scope);
      scopeOf.set(connection, scope);
      try {
        await driver.beginTransaction(connection, settings);
      } catch (error) {
        leave(connection);
        throw error;
      }
    },
    async commitTransaction(connection) {
      leave(connection);
      await driver.commitTransaction(connection);
    },
    async rollbackTransaction(connection) {
      leave(connection);
      await driver.rollbackTransaction(connection);
    },
    savepoint: driver.savepoint?.bind(driver),
    rollbackToSavepoint: driver.rollbackToSavepoint?.bind(driver),
    releaseSavepoint: driver.releaseSavepoint?.bind(driver),
    releaseConnection: (connection, options) => driver.releaseConnection(connection, options),
    destroy: (options) => driver.destroy(options),
  };
}

const message =
  '`db` was used inside a transaction. It would wait for ever or miss what the transaction wrote: use `tx` there.';
