import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { EventKind, EventOrigin } from '#db/schema/events.ts';
import type { Channel, EvidenceGrade } from '#db/schema/vocabulary.ts';
import type { EvidenceContent } from '#src/evidence/record-evidence.ts';
import { type PersonEntry, personHistory } from '#src/ledger/person-events.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptJson } from '#src/people/encryption.ts';
import { scansOf } from './attach-scan.ts';

/** An event of the ledger, as shown at the desk. */
export type DeskEvent = DeskPermissionEvent | DeskPersonEvent;

interface DeskEventBase {
  id: string;
  occurredAt: string;
  recordedAt: string;
  /** Current name of the staff member who did it. */
  staffName: string | null;
  /** Recorded fields, named as in the API. */
  noted: [name: string, value: string][];
}

/** About the person as a whole, or one of their addresses. */
export interface DeskPersonEvent
  extends DeskEventBase,
    Pick<PersonEntry, 'kind' | 'register' | 'refused' | 'channel'> {
  about: 'person';
}

export interface DeskPermissionEvent extends DeskEventBase {
  about: 'permission';
  kind: EventKind;
  purposeId: string;
  purpose: string;
  channel: Channel;
  origin: EventOrigin;
  grade: EvidenceGrade | null;
  textRef: string | null;
  /** A capture that was not corrected yet. */
  correctable: boolean;
  /** `kept`: the scan is stored; `named`: only its checksum is known. */
  scan: 'kept' | 'named' | null;
}

const most = 200;

/** Events about a person and the permissions of these contact points, newest first. */
export async function loadDeskEvents(
  db: Db,
  person: PersonWithKey,
  contactPointIds: string[],
): Promise<DeskEvent[]> {
  const all = [...(await permissionEvents(db, person, contactPointIds)), ...(await personEvents(db, person))];
  return all.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, most);
}

async function personEvents(db: Db, person: PersonWithKey): Promise<DeskPersonEvent[]> {
  const entries = await personHistory(db, person.id, most);
  if (entries.length === 0) return [];
  const evidence = await db
    .selectFrom('evidence')
    .select(['id', 'content_enc'])
    .where(
      isOneOf(
        db,
        'id',
        entries.map(({ evidenceId }) => evidenceId),
      ),
    )
    .execute();
  const staff = await db
    .selectFrom('staff')
    .select(['id', 'name'])
    .where(
      isOneOf(
        db,
        'id',
        entries.map(({ actor }) => actor),
      ),
    )
    .execute();
  const contents = new Map(evidence.map((row) => [row.id, row.content_enc]));
  const names = new Map(staff.map(({ id, name }) => [id, name]));
  return entries.map(({ actor, evidenceId, ...entry }) => {
    const content = contents.get(evidenceId);
    return {
      ...entry,
      about: 'person',
      staffName: names.get(actor) ?? null,
      noted: content ? notedAboutPerson(decryptJson<EvidenceContent>(person.key, content)) : [],
    };
  });
}

/** Reason and way of a restriction; the edition of a checked register. */
function notedAboutPerson({ typed = {} }: EvidenceContent): DeskEvent['noted'] {
  const { reason, how, list } = typed;
  const all = { restriction_reason: reason, how, list };
  return Object.entries(all).flatMap(([name, value]): DeskEvent['noted'] =>
    typeof value === 'string' && value !== '' ? [[name, value]] : [],
  );
}

async function permissionEvents(
  db: Db,
  person: PersonWithKey,
  contactPointIds: string[],
): Promise<DeskPermissionEvent[]> {
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
    .limit(most)
    .execute();
  const events = rows.map(
    (row): DeskPermissionEvent => ({
      scan: null,
      about: 'permission',
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
        // Captured from a card and not confirmed yet: the person or address may be wrong.
        (row.kind === 'requested' &&
          (row.origin === 'staff' || row.origin === 'api') &&
          row.pending_signup_id === row.signup_id),
      noted: row.content_enc ? notedIn(decryptJson<EvidenceContent>(person.key, row.content_enc)) : [],
    }),
  );
  return withScans(db, person, events);
}

async function withScans(
  db: Db,
  person: PersonWithKey,
  events: DeskPermissionEvent[],
): Promise<DeskPermissionEvent[]> {
  const scanOf = ({ noted }: DeskPermissionEvent) => noted.find(([name]) => fileNames.includes(name))?.[1];
  if (!events.some(scanOf)) return events;
  const { kept } = await scansOf(db, person);
  return events.map((event) => {
    const sha256 = scanOf(event)?.toLowerCase();
    return sha256 ? { ...event, scan: kept.has(sha256) ? 'kept' : 'named' } : event;
  });
}

/** Evidence fields that name a scan or recording. */
export const fileNames = ['scan_sha256', 'recording_sha256'];

/** How an objection was made, or the evidence of a capture. The dossier has all other fields. */
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
    const shown =
      name === 'captured_by' || name === 'method' || name === 'basis' || name.startsWith('evidence.');
    return shown && typeof value === 'string' ? [[name.replace(/^evidence\./, ''), value]] : [];
  });
}
