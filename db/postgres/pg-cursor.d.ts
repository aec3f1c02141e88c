declare module 'pg-cursor' {
  import type { EventEmitter } from 'node:events';
  import type { Socket } from 'node:net';

  export default class Cursor<T> {
    constructor(sql: string, parameters: unknown[]);
    /** Null until the query is sent. */
    connection: (EventEmitter & { stream: Socket }) | null;
    read(rowsCount: number): Promise<T[]>;
    close(): Promise<void>;
  }
}
