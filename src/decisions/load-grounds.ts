import type { Db } from '#db/connect.ts';
import { keyList, keyTable } from '#db/key-lists.ts';
import { prepared } from '#db/prepared.ts';
import type { CommonFacts } from './contact-points.ts';
import type { Ground, GroundRecord } from './ground-record.ts';
import { distinct } from './sorted-keys.ts';

/** A permission that the owner confirmed through the channel itself needs nothing captured. */
export function needsGrounds({ state, channel_verified, evidence_grade }: CommonFacts): boolean {
  return state === 'granted' && !(channel_verified === 1 && evidence_grade === 'A');
}

/**
 * What was captured for these permissions and still counts at that moment, newest first, by permission. A withdrawal ends
 * everything captured before it; a correction ends what it corrects.
 */
export async function loadGrounds(db: Db, ids: string[], at: string): Promise<Map<string, Ground[]>> {
  if (ids.length === 0) return new Map();
  const rows = await groundsOf(db, { list: keyList(db, distinct(ids)), at });
  const grounds = new Map<string, Ground[]>();
  for (const row of rows) {
    const all = grounds.get(row.permission_id) ?? [];
    all.push({
      basis: row.basis,
      method: row.method,
      occurredAt: row.occurred_at,
      record: JSON.parse(row.record) as GroundRecord,
      missingEvidence: JSON.parse(row.missing_evidence) as string[],
      missing7a: JSON.parse(row.missing_7a) as string[],
      audience: row.audience,
      fileHere: row.file_sha256 === null ? null : row.file_at !== null,
    });
    grounds.set(row.permission_id, all);
  }
  return grounds;
}

const groundsOf = prepared((db, of: { list: string; at: string }) =>
  db
    .selectFrom(keyTable(db, of.list).as('keys'))
    .innerJoin('grounds', 'grounds.permission_id', 'keys.value')
    .innerJoin('events', 'events.id', 'grounds.event_id')
    .select(['grounds.permission_id', 'grounds.basis', 'grounds.method', 'grounds.occurred_at'])
    .select(['grounds.record', 'grounds.missing_evidence', 'grounds.missing_7a'])
    .select(['grounds.audience', 'grounds.file_sha256', 'grounds.file_at'])
    .where('grounds.occurred_at', '<=', of.at)
    .where((eb) => eb.or([eb('grounds.corrected_at', 'is', null), eb('grounds.corrected_at', '>', of.at)]))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('events as later')
            .select('later.id')
            .whereRef('later.permission_id', '=', 'grounds.permission_id')
            .whereRef('later.number', '>', 'events.number')
            .where('later.kind', 'in', ['withdrawn', 'objected'])
            .where('later.occurred_at', '<=', of.at),
        ),
      ),
    )
    .orderBy('events.number', 'desc'),
);
