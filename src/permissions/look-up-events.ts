import type { Db } from '#db/connect.ts';
import type { Channel, EventKind, EventOrigin, EvidenceGrade } from '#db/schema.ts';
import type { EvidenceContent } from '#src/evidence/record-evidence.ts';
import type { KnownPerson } from '#src/people/contact-points.ts';
import { decryptJson } from '#src/people/encryption.ts';

/** One fact of the ledger as the desk tells it. */
export interface DeskEvent {
  id: string;
  kind: EventKind;
  occurredAt: string;
  recordedAt: string;
  purposeId: string;
  purpose: string;
  channel: Channel;
  origin: EventOrigin;
  grade: EvidenceGrade | null;
  textRef: string | null;
  /** The member of staff who did it, as they are called now. */
  staffName: string | null;
  /** Taken down by somebody, and not mended yet. */
  correctable: boolean;
  /** What was written down with it, by the names of the API. */
  noted: [name: string, value: string][];
}

/** What happened to the permissions of these contact points, newest first. */
export async function eventsAtDesk(
  db: Db,
  person: KnownPerson,
  contactPointIds: string[],
): Promise<DeskEvent[]> {
  const rows = await db
    .selectFrom('events')
    .innerJoin('purposes', 'purposes.id', 'events.purpose_id')
    .leftJoin('evidence', 'evidence.id', 'events.evidence_id')
    .leftJoin('staff', 'staff.id', 'events.actor')
    .leftJoin('consent_text_versions as version', 'version.id', 'events.text_version_id')
    .leftJoin('consent_texts as text', 'text.id', 'version.text_id')
    .select(['events.id', 'events.kind', 'events.occurred_at', 'events.recorded_at', 'events.purpose_id'])
    .select(['events.channel', 'events.origin', 'events.evidence_grade', 'purposes.key'])
    .leftJoin('grounds', 'grounds.event_id', 'events.id')
    .leftJoin('permissions', 'permissions.id', 'events.permission_id')
    .select(['grounds.event_id as ground', 'grounds.corrected_at', 'permissions.pending_signup_id'])
    .select([
      'events.signup_id',
      'evidence.content_enc',
      'staff.name',
      'version.major',
      'version.minor',
      'text.locale',
    ])
    .where('events.contact_point_id', 'in', contactPointIds)
    .orderBy('events.id', 'desc')
    .limit(200)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
    purposeId: row.purpose_id,
    purpose: row.key,
    channel: row.channel,
    origin: row.origin,
    grade: row.evidence_grade,
    textRef: row.locale ? `${row.key}/${row.channel}/${row.locale}@${row.major}.${row.minor}` : null,
    staffName: row.name,
    correctable:
      (row.ground !== null && row.corrected_at === null) ||
      // A card that waits for its mailbox: it was typed in by somebody, with a name that may be wrong.
      (row.kind === 'requested' &&
        (row.origin === 'staff' || row.origin === 'api') &&
        row.pending_signup_id === row.signup_id),
    noted: row.content_enc ? notedIn(decryptJson<EvidenceContent>(person.key, row.content_enc)) : [],
  }));
}

/** How a no came, and the evidence of a capture. Everything else stands in the dossier. */
function notedIn({ act, action, typed = {} }: EvidenceContent): DeskEvent['noted'] {
  if (act === 'withdrawal') {
    const [, how] = /^withdrawal: (.+)$/.exec(action ?? '') ?? [];
    return how ? [['how', how]] : [];
  }
  if (act === 'correction') {
    return ['wrong', 'reason'].map((name) => [name, String(typed[name] ?? '')]);
  }
  if (act !== 'capture' && action !== 'capture') return [];
  return Object.entries(typed).flatMap(([name, value]): DeskEvent['noted'] => {
    const told =
      name === 'captured_by' || name === 'method' || name === 'basis' || name.startsWith('evidence.');
    return told && typeof value === 'string' ? [[name.replace(/^evidence\./, ''), value]] : [];
  });
}
