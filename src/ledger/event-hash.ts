import { createHash } from 'node:crypto';
import type { EventTable } from '#db/schema/events.ts';

/** The hash over every other column, in a fixed order. A changed event no longer matches its hash. */
export function eventHash(event: Omit<EventTable, 'hash'>): string {
  const columns = hashedColumns.map((column) => event[column]);
  return createHash('sha256').update(JSON.stringify(columns)).digest('hex');
}

export const hashedColumns = [
  'id',
  'kind',
  'occurred_at',
  'recorded_at',
  'permission_id',
  'number',
  'contact_point_id',
  'purpose_id',
  'channel',
  'basis',
  'text_version_id',
  'form_version_id',
  'signup_id',
  'origin',
  'actor',
  'evidence_grade',
  'channel_verified',
  'valid_until',
  'evidence_id',
  'commitment',
] as const satisfies (keyof EventTable)[];
