import { unprocessable } from './problem.ts';

/** Where a list goes on. Opaque to callers. */
export function cursorAt(position: number): string {
  return Buffer.from(`1:${position}`).toString('base64url');
}

/** 0 without a cursor. Throws an ApiProblem for one that is none of ours. */
export function positionOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const position = /^1:(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (position !== undefined) return Number(position);
  throw unprocessable({ pointer: '/cursor', code: 'invalid', message: 'Use next_cursor as it was given.' });
}
