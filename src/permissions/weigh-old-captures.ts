import type { Tx } from '#db/connect.ts';
import type { GroundTable } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { readCaptured } from '#src/evidence/captured.ts';
import type { EvidenceContent } from '#src/evidence/record-evidence.ts';
import { decryptJson, unwrapPersonKey } from '#src/people/encryption.ts';
import { scansOf } from './attach-scan.ts';

/** All of them, some at a time. To be done after a migration, before anything is decided. */
export async function weighAllOldCaptures(app: App): Promise<void> {
  while ((await weighOldCaptures(app)) > 0) {
    // Each round takes the next ones.
  }
}

/**
 * Reads once what was captured before its audience, its file and whether it can be true were kept with it, so that
 * decisions know it of everything that is in the database. Returns how many captures that were.
 */
async function weighOldCaptures(app: App, most = 500): Promise<number> {
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
      .limit(most)
      .execute();
    for (const row of rows) {
      const seen = await weighed(tx, app, row);
      await tx
        .updateTable('grounds')
        .set({ ...seen, weighed: 1 })
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

/** Of somebody who was erased nothing can be read, and nothing is asked any more. */
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
