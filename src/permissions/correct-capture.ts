import type { Db, Tx } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import type { EventKind, EventTable } from '#db/schema/events.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { type EvidenceContent, recordEvidence } from '#src/evidence/record-evidence.ts';
import { append, type Fact } from '#src/ledger/append.ts';
import { fold, type PermissionFacts } from '#src/ledger/fold.ts';
import { findPerson, type PersonWithKey } from '#src/people/contact-points.ts';
import { decryptJson } from '#src/people/encryption.ts';
import { closeRequests, openRequests } from './close-requests.ts';
import type { Change } from './withdraw.ts';

/** What is wrong about a capture. */
export const wrongThings = [
  'address',
  'purpose',
  'text',
  'person',
  'date',
  'evidence',
  'never_said',
] as const;

export interface Correction {
  eventId: string;
  wrong: (typeof wrongThings)[number];
  /** One sentence, for later readers of the ledger. */
  reason: string;
}

export type CorrectResult =
  | { outcome: 'not_correctable' }
  | { outcome: 'corrected'; permissionId: string; person: PersonWithKey; locale: Locale; change: Change };

/**
 * Corrects a wrong capture without changing the ledger: a `corrected` event ends it and restores the state before it.
 * An objection stays in force. The right value needs a capture of its own, with its own evidence.
 *
 * Only captures by staff or programs can be corrected, never what a person did on a form or by a link.
 */
export async function correctCapture(
  tx: Tx,
  app: App,
  { eventId, wrong, reason }: Correction,
  actor: string,
): Promise<CorrectResult> {
  const found = await findCaptured(tx, app, eventId);
  if (!found) return { outcome: 'not_correctable' };
  const { event, person, locale, purpose } = found;
  await lockRows(tx, 'contact_points', [event.contact_point_id]);
  const at = app.now().toISOString();
  const before = await permissionById(tx, event.permission_id);
  if (!before || !(await claim(tx, at, event, before))) return { outcome: 'not_correctable' };
  const evidence = await recordEvidence(tx, person, {
    act: 'correction',
    at,
    locale,
    consents: [],
    action: 'correction',
    typed: { corrects: event.id, wrong, reason },
  });
  const base: Fact = { ...factOf(event), kind: 'corrected', origin: 'staff', actor };
  const previous = event.signup_id ? [] : restored(base, await foldedWithout(tx, event));
  const after = (await append(tx, at, [base, ...previous], evidence)).at(-1);
  const change = { purpose, channel: event.channel, from: before.state, to: after?.state ?? 'none' };
  return { outcome: 'corrected', permissionId: event.permission_id, person, locale, change };
}

/** A capture with its fields, named as in the API, for editing. */
export async function findCaptured(
  db: Db,
  app: App,
  eventId: string,
): Promise<
  | {
      event: EventTable;
      person: PersonWithKey;
      locale: Locale;
      purpose: string;
      textRef: string | null;
      typed: Record<string, string>;
    }
  | undefined
> {
  const event = await db.selectFrom('events').selectAll().where('id', '=', eventId).executeTakeFirst();
  if (!event?.evidence_id || !capturedKinds.includes(event.kind)) return undefined;
  const row = await db
    .selectFrom('evidence')
    .innerJoin('people', 'people.id', 'evidence.person_id')
    .innerJoin('purposes', (join) => join.on('purposes.id', '=', event.purpose_id))
    .leftJoin('consent_text_versions as version', (join) =>
      join.on('version.id', '=', event.text_version_id ?? ''),
    )
    .leftJoin('consent_texts as text', 'text.id', 'version.text_id')
    .select(['evidence.person_id', 'evidence.content_enc', 'people.locale', 'purposes.key'])
    .select(['version.major', 'version.minor', 'text.locale as text_locale'])
    .where('evidence.id', '=', event.evidence_id)
    .executeTakeFirst();
  const person = row?.content_enc && (await findPerson(db, app.keys, row.person_id));
  if (!row?.content_enc || !person) return undefined;
  const { action, typed = {} } = decryptJson<EvidenceContent>(person.key, row.content_enc);
  if (action !== 'capture') return undefined;
  const { key: purpose, locale, text_locale, major, minor } = row;
  const texts = Object.entries(typed).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    event,
    person,
    locale,
    purpose,
    textRef: text_locale && `${purpose}/${event.channel}/${text_locale}@${major}.${minor}`,
    typed: Object.fromEntries(texts),
  };
}

const capturedKinds: EventKind[] = ['granted', 'imported', 'requested'];

async function permissionById(tx: Tx, id: string): Promise<PermissionTable | undefined> {
  return tx.selectFrom('permissions').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Of two concurrent corrections of one capture, only one succeeds. */
async function claim(tx: Tx, at: string, event: EventTable, before: PermissionTable): Promise<boolean> {
  if (event.kind === 'requested') {
    if (before.pending_signup_id !== event.signup_id) return false;
    // The link in the mail must not grant it later.
    await closeRequests(tx, at, [before], await openRequests(tx, [before.contact_point_id]));
    return true;
  }
  const claimed = await tx
    .updateTable('grounds')
    .set({ corrected_at: at })
    .where('event_id', '=', event.id)
    .where('corrected_at', 'is', null)
    .returning('event_id')
    .execute();
  return claimed.length > 0;
}

function factOf(event: EventTable): Fact {
  const { contact_point_id, purpose_id, channel, basis, text_version_id, signup_id, origin, actor } = event;
  return {
    kind: event.kind,
    contact_point_id,
    purpose_id,
    channel,
    basis,
    text_version_id,
    form_version_id: null,
    signup_id: event.kind === 'requested' ? signup_id : null,
    origin,
    actor,
    evidence_grade: null,
    channel_verified: 0,
  };
}

/** The state of the permission without this event. */
async function foldedWithout(tx: Tx, event: EventTable): Promise<PermissionFacts | undefined> {
  const events = await tx
    .selectFrom('events')
    .selectAll()
    .where('permission_id', '=', event.permission_id)
    .where('id', '<>', event.id)
    .orderBy('number')
    .execute();
  return events.reduce<PermissionFacts | undefined>((facts, one) => fold(facts, one), undefined);
}

/** A correction ends the whole permission, so the state before the wrong event is written again. */
function restored(base: Fact, facts: PermissionFacts | undefined): Fact[] {
  if (!facts || facts.settled_state === 'none') return [];
  if (facts.settled_state !== 'granted') {
    return [{ ...base, kind: facts.settled_state, text_version_id: facts.text_version_id }];
  }
  const { basis, text_version_id, evidence_grade, channel_verified, valid_until, granted_at } = facts;
  const given = { text_version_id, evidence_grade, channel_verified, valid_until };
  return [
    {
      ...base,
      ...given,
      kind: 'granted',
      basis: basis ?? base.basis,
      occurred_at: granted_at ?? undefined,
    },
  ];
}
