import type { Tx } from '#db/connect.ts';
import type { GroundTable } from '#db/schema/evidence.ts';
import type { App } from '#src/app/app.ts';
import { readCaptured } from '#src/evidence/captured.ts';
import type { EvidenceContent } from '#src/evidence/record-evidence.ts';
import { decryptJson, unwrapPersonKey } from '#src/people/encryption.ts';
import { scansOf } from './attach-scan.ts';

/** Fills in columns that decisions need, after a migration and before the first decision. */
export async function weighAllOldCaptures(app: App): Promise<void> {
  while ((await weighOldCaptures(app)) > 0) {
    // Each round handles the next batch.
  }
}

/** Captures from before these columns existed: reads audience, file and plausibility from their evidence. */
async function weighOldCaptures(app: App, limit = 500): Promise<number> {
  return app.db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('grounds')
      .innerJoin('events', 'events.id', 'grounds.event_id')
      .leftJoin('evidence', 'evidence.id', 'events.evidence_id')
      .leftJoin('people', 'people.id', 'evidence.person_id')
      .select(['grounds.event_id', 'grounds.method', 'grounds.missing_evidence', 'grounds.basis'])
      .select(['evidence.content_enc', 'evidence.person_id', 'people.key_wrapped'])
      .where('grounds.weighed', '=', 0)
      .orderBy('grounds.event_id')
      .limit(limit)
      .execute();
    for (const row of rows) {
      const columns = await weighed(tx, app, row);
      await tx
        .updateTable('grounds')
        .set({ ...columns, weighed: 1 })
        .where('event_id', '=', row.event_id)
        .execute();
    }
    return rows.length;
  });
}

interface OldCapture extends Pick<GroundTable, 'method' | 'missing_evidence' | 'basis'> {
  content_enc: string | null;
  person_id: string | null;
  key_wrapped: string | null;
}

/** Empty for an erased person, whose evidence cannot be read. */
async function weighed(tx: Tx, app: App, row: OldCapture): Promise<Partial<GroundTable>> {
  if (!row.content_enc || !row.person_id || !row.key_wrapped) return {};
  const person = { id: row.person_id, key: unwrapPersonKey(app.keys, row.key_wrapped) };
  const captured = readCaptured(decryptJson<EvidenceContent>(person.key, row.content_enc));
  if (!captured) return {};
  const { audience, file, confirmedBeforeAsked } = captured;
  const kept = file ? (await scansOf(tx, person)).kept : new Set<string>();
  const missing = JSON.parse(row.missing_evidence) as string[];
  const untrue = confirmedBeforeAsked ? [...missing, 'confirmed_before_asked'] : missing;
  return {
    audience: row.basis === 'presumed' ? 'business' : audience,
    file_sha256: file,
    file_at: file && kept.has(file) ? captured.at : null,
    missing_evidence: JSON.stringify([...new Set(untrue)]),
  };
}
