import { timingSafeEqual } from 'node:crypto';
import { type Keys, mac } from '#src/secrets/keys.ts';
import { unprocessable } from './problem.ts';

/** Where the next page of a list starts. Opaque to callers, and signed: only cursors that we issued are accepted. */
export function cursorAt(keys: Keys, position: number): string {
  return seal(keys, 'p', String(position));
}

/** 0 without a cursor. Throws an ApiProblem for a cursor that we did not issue. */
export function positionOf(keys: Keys, cursor: string | undefined): number {
  return cursor === undefined ? 0 : Number(open(keys, 'p', cursor));
}

/** The first `limit` of these rows as a page. Read one row more than that: it shows whether there is a next page. */
export function idPage<Row extends { id: string }, Shown>(
  keys: Keys,
  rows: readonly Row[],
  limit: number,
  shown: (row: Row) => Shown,
): { data: Shown[]; next_cursor: string | null; has_more: boolean } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const hasMore = rows.length > limit;
  const next = hasMore && last ? seal(keys, 'i', last.id) : null;
  return { data: page.map(shown), next_cursor: next, has_more: hasMore };
}

export function idAt(keys: Keys, cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : open(keys, 'i', cursor);
}

/** A cursor of one kind of list is not accepted by the other kind. */
type Kind = 'p' | 'i';

function seal(keys: Keys, kind: Kind, place: string): string {
  return Buffer.concat([signature(keys, kind, place), Buffer.from(place)]).toString('base64url');
}

function open(keys: Keys, kind: Kind, cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  const place = bytes.subarray(signatureLength).toString();
  const signed = bytes.subarray(0, signatureLength);
  const right = signature(keys, kind, place);
  // Decoding ignores foreign characters.
  const whole = bytes.toString('base64url') === cursor;
  if (whole && signed.length === right.length && timingSafeEqual(signed, right)) return place;
  throw unprocessable({
    pointer: '/cursor',
    code: 'invalid',
    message: 'Use next_cursor without changing it.',
  });
}

const signatureLength = 12;

function signature(keys: Keys, kind: Kind, place: string): Buffer {
  return mac(keys.cursor, kind, place).subarray(0, signatureLength);
}
