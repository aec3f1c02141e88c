/** Rows for every cell of the rule tables, with times on both sides of every moment at which an answer changes. */
import type { Db } from '#db/connect.ts';
import type { Basis, Channel, EvidenceGrade, PermissionState } from '#db/schema/vocabulary.ts';
import { newId } from '#src/ids/new-id.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import { addMonths } from '#src/purposes/months.ts';
import type { Keys } from '#src/secrets/keys.ts';

/** At the end of a month: eleven months before, both the 30th and the 31st at noon lead to this very moment. */
export const moment = '2026-11-30T12:00:00.000Z';
export const ownMonths = { flag_months: 3, deny_months: 11 };
export const channels: Channel[] = ['email', 'sms', 'phone', 'fax', 'post'];

const at = Date.parse(moment);
const dayMs = 86_400_000;
const textLiveFrom = '2023-03-10T00:00:00.000Z';
const textRetiredAt = '2026-10-12T08:00:00.000Z';

const iso = (time: number) => new Date(time).toISOString();
const around = (time: number) => [iso(time - 1), iso(time), iso(time + 1)];

/** Every moment at which the age of a consent, an existing customer or a presumed consent changes. */
const boundaries = [
  at,
  Date.parse(textLiveFrom),
  Date.parse(textRetiredAt) + 7 * dayMs,
  ...[3, 6, 11, 12, 24, 48, 60].map((months) => addMonths(at, -months)),
  Date.parse('2025-12-31T12:00:00.000Z'),
].flatMap(around);
/** All of them are of one kind, so an answer that changes anywhere between two boundaries shows. */
const inBetween = Array.from({ length: 140 }, (_, place) => iso(at - place * 15 * dayMs - place * 1_234_567));

interface Case {
  permission?: {
    state?: PermissionState;
    basis?: Basis;
    grade?: EvidenceGrade | null;
    verified?: boolean;
    grantedAt?: string | null;
    lastUsedAt?: string | null;
    validUntil?: string | null;
    text?: TextName | null;
  };
  ground?: {
    basis: Basis;
    audience?: 'consumer' | 'business';
    occurredAt: string;
    record?: object;
    missing?: string[];
  };
  suppression?: {
    reason?: 'objection' | 'complaint' | 'bounce';
    at?: string;
    until?: string;
    liftedAt?: string;
  };
  uses?: string[];
  personEvent?: { kind: 'restricted' | 'unrestricted' | 'register_checked'; at: string; refused?: number };
  /** A granted permission of the same person for something else. */
  other?: 'purpose' | 'channel';
}

const recently = iso(at - 40 * dayMs);
const confirmed = { grade: 'A', verified: true, grantedAt: recently } as const;

/** What may be known about one address, besides its channel. */
function cases(): Case[] {
  return [
    ...[...boundaries, ...inBetween].flatMap((time): Case[] => [
      { permission: { ...confirmed, grantedAt: time } },
      { permission: { ...confirmed, grantedAt: iso(addMonths(at, -70)), lastUsedAt: time } },
      { permission: { ...confirmed, grantedAt: time, text: 'dated' } },
    ]),
    ...boundaries.flatMap(capturedAt),
    ...(['withdrawn', 'refused', 'pending', 'expired', 'none'] as const).flatMap((state): Case[] => [
      { permission: { ...confirmed, state } },
      { permission: { ...confirmed, state, grantedAt: null, validUntil: moment }, other: 'purpose' },
    ]),
    ...around(at).flatMap((time): Case[] => [
      { permission: { ...confirmed, validUntil: time } },
      { permission: confirmed, suppression: { at: time } },
      { permission: confirmed, suppression: { reason: 'bounce', until: time } },
      { permission: confirmed, suppression: { reason: 'complaint', liftedAt: time } },
      { permission: confirmed, personEvent: { kind: 'restricted', at: time } },
      { suppression: { at: time } },
    ]),
    ...(['stopped_before', 'stopped_now', 'stopped_after'] as const).map(
      (text): Case => ({ permission: { ...confirmed, text } }),
    ),
    { permission: { ...confirmed, text: null } },
    ...around(Date.parse('2026-11-01T00:00:00.000Z')).map((time): Case => usedTwice('monthly', time)),
    ...around(at - 14 * dayMs).map((time): Case => usedTwice('fortnightly', time)),
    ...around(at - 30 * dayMs).flatMap((time): Case[] => [
      { permission: confirmed, personEvent: { kind: 'register_checked', at: time, refused: 0 } },
      { ...customer(recently, null), personEvent: { kind: 'register_checked', at: time, refused: 0 } },
      { ...customer(recently, null), personEvent: { kind: 'register_checked', at: time, refused: 1 } },
    ]),
    { other: 'purpose' },
    { other: 'channel' },
    {},
  ];
}

/** Everything that is captured and not confirmed. */
function capturedAt(time: string): Case[] {
  const grades: (EvidenceGrade | null)[] = ['claimed', 'B', 'C', 'D', null];
  return [
    ...grades.flatMap((grade): Case[] =>
      (['consumer', 'business'] as const).map((audience) => ({
        permission: { grade, grantedAt: time, text: 'dated' },
        ground: { basis: 'consent', audience, occurredAt: time },
      })),
    ),
    { permission: { grade: 'A', grantedAt: time } },
    {
      permission: { grade: 'B', grantedAt: time },
      ground: { basis: 'consent', occurredAt: time, missing: ['place'] },
    },
    { permission: { grade: 'C', verified: true, grantedAt: time } },
    customer(time, null),
    customer(iso(addMonths(at, -70)), time),
    {
      permission: { basis: 'presumed', grade: null, grantedAt: time, text: null },
      ground: { basis: 'presumed', occurredAt: time, record: { reasonCode: 'concrete_request' } },
    },
    {
      permission: { basis: 'legitimate_interest', grade: null, grantedAt: time, text: null },
      ground: { basis: 'legitimate_interest', occurredAt: time },
    },
  ];
}

function customer(saleAt: string, lastUsedAt: string | null): Case {
  return {
    permission: { basis: 'existing_customer', grade: null, grantedAt: saleAt, lastUsedAt, text: null },
    ground: { basis: 'existing_customer', occurredAt: saleAt, record: { saleAt, productLine: 'drills' } },
  };
}

function usedTwice(text: TextName, time: string): Case {
  const uses = [time, iso(Date.parse(time) + 60_000)];
  return { permission: { ...confirmed, text, lastUsedAt: uses[1] ?? null }, uses };
}

const textNames = [
  'plain',
  'dated',
  'monthly',
  'fortnightly',
  'stopped_before',
  'stopped_now',
  'stopped_after',
] as const;
type TextName = (typeof textNames)[number];

/** Fills the purpose `product-news` on every channel. The answer: all addresses of each channel. */
export async function seedEveryCell(db: Db, keys: Keys): Promise<Record<Channel, string[]>> {
  const purposes = await db.selectFrom('purposes').select(['id', 'key']).orderBy('position').execute();
  const purposeId = purposes.find(({ key }) => key === 'product-news')?.id ?? '';
  const otherId = purposes.find(({ key }) => key !== 'product-news')?.id ?? '';
  await addChannels(db, purposeId);
  const addresses = {} as Record<Channel, string[]>;
  for (const channel of channels) {
    const texts = await addTexts(db, purposeId, channel);
    const rows = new Rows(keys, channel, { purposeId, otherId }, texts);
    addresses[channel] = cases().map((one, n) => rows.add(one, n));
    await rows.insert(db);
  }
  return addresses;
}

async function addChannels(db: Db, purposeId: string): Promise<void> {
  const none = {
    frequency_times: null,
    frequency_per: null,
    flag_months: null,
    deny_months: null,
    non_use_note: null,
  };
  for (const channel of channels) {
    await db
      .insertInto('purpose_channels')
      .values({ purpose_id: purposeId, channel, ...none })
      .onConflict((conflict) => conflict.columns(['purpose_id', 'channel']).doNothing())
      .execute();
  }
  await db
    .updateTable('purpose_channels')
    .set(ownMonths)
    .where('purpose_id', '=', purposeId)
    .where('channel', '=', 'email')
    .execute();
}

async function addTexts(db: Db, purposeId: string, channel: Channel): Promise<Record<TextName, string>> {
  const known = await db
    .selectFrom('consent_texts')
    .select('id')
    .where('purpose_id', '=', purposeId)
    .where('channel', '=', channel)
    .executeTakeFirst();
  const textId = known?.id ?? newId();
  if (!known) {
    const text = { id: textId, purpose_id: purposeId, channel, locale: 'de', live_version_id: null } as const;
    await db.insertInto('consent_texts').values(text).execute();
  }
  const invalidated: Partial<Record<TextName, string>> = {
    stopped_before: iso(at - 1),
    stopped_now: moment,
    stopped_after: iso(at + 1),
  };
  const words: Partial<Record<TextName, string>> = {
    monthly: 'höchstens zweimal im Monat',
    fortnightly: '14-täglich',
  };
  const ids = Object.fromEntries(textNames.map((name) => [name, newId()])) as Record<TextName, string>;
  const versions = textNames.map((name, minor) => ({
    id: ids[name],
    text_id: textId,
    major: 50,
    minor,
    wording: `Ja, ich möchte Neues hören, ${words[name] ?? 'immer wieder'}.`,
    sha256: name,
    state: 'retired' as const,
    names: '{}',
    approved_at: textLiveFrom,
    live_from: name === 'dated' ? textLiveFrom : null,
    retired_at: name === 'dated' ? textRetiredAt : null,
    invalidated_at: invalidated[name] ?? null,
    created_at: textLiveFrom,
  }));
  await db.insertInto('consent_text_versions').values(versions).execute();
  return ids;
}

const typed: Record<Channel, (n: number) => string> = {
  email: (n) => `p${n}@example.org`,
  sms: (n) => `+4915123${String(100_000 + n)}`,
  // Some are Austrian, Swiss, French, Dutch or Spanish.
  phone: (n) =>
    [
      `+4366412${String(100_000 + n)}`,
      `+417912${String(10_000 + n)}`,
      `+33612${String(100_000 + n)}`,
      `+31612${String(100_000 + n)}`,
      `+34612${String(100_000 + n)}`,
    ][n % 10] ?? `+4915124${String(100_000 + n)}`,
  fax: (n) => `+4915125${String(100_000 + n)}`,
  post: (n) => `Anna Muster\nWeg ${n + 1}\n63452 Hanau`,
};

type Inserted =
  | 'people'
  | 'contact_points'
  | 'permissions'
  | 'events'
  | 'grounds'
  | 'uses'
  | 'suppressions'
  | 'evidence'
  | 'person_events';

/** Collects rows and inserts them at once: the use cases would take minutes. */
class Rows {
  readonly #rows: Record<Inserted, object[]> = {
    people: [],
    contact_points: [],
    permissions: [],
    events: [],
    grounds: [],
    uses: [],
    suppressions: [],
    evidence: [],
    person_events: [],
  };
  readonly #keys: Keys;
  readonly #channel: Channel;
  readonly #purposes: { purposeId: string; otherId: string };
  readonly #texts: Record<TextName, string>;

  constructor(
    keys: Keys,
    channel: Channel,
    purposes: { purposeId: string; otherId: string },
    texts: Record<TextName, string>,
  ) {
    this.#keys = keys;
    this.#channel = channel;
    this.#purposes = purposes;
    this.#texts = texts;
  }

  /** The address that stands for the case. */
  add({ permission, ground, suppression, uses = [], personEvent, other }: Case, n: number): string {
    const address = typed[this.#channel](n);
    const point = normaliseContactPoint(this.#channel, address);
    if (!point.ok) throw new Error(`${address} is no address of ${this.#channel}`);
    const hash = lookupHash(this.#keys, this.#channel, point.value);
    if (suppression) {
      const { reason = 'objection', at: since = recently, until = null, liftedAt = null } = suppression;
      const names = { id: newId(), channel: this.#channel, lookup_hash: hash, reason };
      const times = { created_at: since, until, lifted_at: liftedAt };
      this.#rows.suppressions.push({ ...names, ...times, purpose_id: null, refusal_id: null });
    }
    if (!permission && !other) return address;
    const personId = newId();
    this.#rows.people.push({
      id: personId,
      key_wrapped: null,
      details_enc: null,
      locale: 'de',
      created_at: recently,
      erased_at: null,
    });
    const pointId = this.#contactPoint(personId, this.#channel, hash);
    if (permission)
      this.#permission(pointId, this.#purposes.purposeId, this.#channel, permission, ground, uses);
    if (other === 'purpose') this.#permission(pointId, this.#purposes.otherId, this.#channel, confirmed);
    if (other === 'channel') {
      const channel = this.#channel === 'email' ? 'sms' : 'email';
      const elsewhere = this.#contactPoint(personId, channel, `elsewhere ${n} ${this.#channel}`);
      this.#permission(elsewhere, this.#purposes.purposeId, channel, confirmed);
    }
    if (personEvent) this.#personEvent(personId, pointId, personEvent);
    return address;
  }

  async insert(db: Db): Promise<void> {
    await db.transaction().execute(async (tx) => {
      for (const [table, rows] of Object.entries(this.#rows)) {
        for (let from = 0; from < rows.length; from += 200) {
          await tx
            .insertInto(table as Inserted)
            .values(rows.slice(from, from + 200) as never)
            .execute();
        }
      }
    });
  }

  #contactPoint(personId: string, channel: Channel, hash: string): string {
    const id = newId();
    const nothing = {
      wide_hash: null,
      value_enc: null,
      claimed_at: null,
      erased_at: null,
      verified_at: null,
    };
    this.#rows.contact_points.push({
      ...{ id, person_id: personId, channel, lookup_hash: hash, link_generation: 0 },
      ...{ source: 'test', created_at: recently, ...nothing },
      country: ['AT', 'CH', 'FR', 'ES', '?'][this.#rows.contact_points.length % 10] ?? null,
    });
    return id;
  }

  #permission(
    contactPointId: string,
    purposeId: string,
    channel: Channel,
    {
      state = 'granted',
      basis = 'consent',
      grade = 'A',
      verified = false,
      ...times
    }: NonNullable<Case['permission']>,
    ground?: Case['ground'],
    uses: string[] = [],
  ): void {
    const { grantedAt = recently, lastUsedAt = null, validUntil = null, text = 'plain' } = times;
    const id = newId();
    const eventId = newId();
    const textId = text && this.#texts[text];
    const of = { contact_point_id: contactPointId, purpose_id: purposeId, channel };
    this.#rows.permissions.push({
      ...{ id, ...of, state, basis, text_version_id: textId, evidence_grade: grade },
      ...{ settled_state: state === 'pending' ? 'none' : state, pending_signup_id: null },
      ...{ channel_verified: verified ? 1 : 0, granted_at: grantedAt, last_used_at: lastUsedAt },
      ...{
        valid_until: validUntil,
        since: recently,
        last_event_id: eventId,
        event_count: 1,
        created_at: recently,
      },
    });
    for (const usedAt of uses) {
      this.#rows.uses.push({ event_id: newId(), permission_id: id, used_at: usedAt, campaign: null });
    }
    if (!ground) return;
    this.#rows.events.push({
      ...{ id: eventId, kind: 'granted', occurred_at: ground.occurredAt, recorded_at: recently },
      ...{ permission_id: id, number: 1, ...of, basis, text_version_id: textId, form_version_id: null },
      ...{ signup_id: null, origin: 'api', actor: 'key', evidence_grade: grade, channel_verified: 0 },
      ...{ valid_until: null, evidence_id: null, commitment: null, hash: eventId },
    });
    this.#rows.grounds.push({
      ...{ event_id: eventId, permission_id: id, basis: ground.basis, method: 'paper' },
      ...{ occurred_at: ground.occurredAt, record: JSON.stringify(ground.record ?? {}) },
      ...{ missing_evidence: JSON.stringify(ground.missing ?? []), missing_7a: '[]' },
      ...{
        audience: ground.audience ?? null,
        file_sha256: null,
        file_at: null,
        weighed: 1,
        corrected_at: null,
      },
    });
  }

  #personEvent(
    personId: string,
    pointId: string,
    { kind, at: since, refused }: NonNullable<Case['personEvent']>,
  ): void {
    const isCheck = kind === 'register_checked';
    const evidenceId = newId();
    this.#rows.evidence.push({
      ...{ id: evidenceId, person_id: personId, kind: isCheck ? 'register_check' : 'restriction' },
      ...{ content_enc: null, commitment: 'test', created_at: since },
    });
    this.#rows.person_events.push({
      ...{ id: newId(), kind, person_id: personId, number: 1, contact_point_id: isCheck ? pointId : null },
      ...{ register: isCheck ? (this.#channel === 'email' ? 'ecg' : 'star_entry') : null },
      ...{ refused: refused ?? null, occurred_at: since, recorded_at: since, actor: 'test' },
      ...{ evidence_id: evidenceId, commitment: 'test', hash: newId() },
    });
  }
}
