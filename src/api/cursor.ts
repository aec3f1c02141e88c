import { timingSafeEqual } from 'node:crypto';
import { type Keys, mac } from '#src/secrets/keys.ts';
import { unprocessable } from './problem.ts';

/** Where a list goes on. Opaque to callers, and signed: only what was given out is taken back. */
export function cursorAt(keys: Keys, position: number): string {
  return sealed(keys, 'p', String(position));
}

/** 0 without a cursor. Throws an ApiProblem for one that is none of ours. */
export function positionOf(keys: Keys, cursor: string | undefined): number {
  return cursor === undefined ? 0 : Number(opened(keys, 'p', cursor));
}

/** Up to `limit` of these rows as a page; that there are more is how it knows that the list goes on. */
export function idPage<Row extends { id: string }, Shown>(
  keys: Keys,
  rows: readonly Row[],
  limit: number,
  shown: (row: Row) => Shown,
): { data: Shown[]; next_cursor: string | null; has_more: boolean } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rows.length > limit;
  const next = hasMore && last ? sealed(keys, 'i', last.id) : null;
  return { data: page.map(shown), next_cursor: next, has_more: hasMore };
}

export function idAt(keys: Keys, cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : opened(keys, 'i', cursor);
}

/** What a cursor of one kind of list says is worth nothing to the other. */
type Kind = 'p' | 'i';

function sealed(keys: Keys, kind: Kind, place: string): string {
  return Buffer.concat([signature(keys, kind, place), Buffer.from(place)]).toString('base64url');
}

function opened(keys: Keys, kind: Kind, cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  const place = bytes.subarray(signatureLength).toString();
  const signed = bytes.subarray(0, signatureLength);
  const right = signature(keys, kind, place);
  // Decoding forgives what does not belong there.
  const whole = bytes.toString('base64url') === cursor;
  if (whole && signed.length === right.length && timingSafeEqual(signed, right)) return place;
  throw unprocessable({ pointer: '/cursor', code: 'invalid', message: 'Use next_cursor as it was given.' });
}

const signatureLength = 12;

function signature(keys: Keys, kind: Kind, place: string): Buffer {
  return mac(keys.cursor, kind, place).subarray(0, signatureLength);
}
