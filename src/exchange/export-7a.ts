import type { KeyObject } from 'node:crypto';
import { isOneOf } from '#db/key-lists.ts';
import type { App } from '#src/app/app.ts';
import { csvCell } from '#src/decisions/scrub/csv-cell.ts';
import type { EvidenceContent } from '#src/evidence/record-evidence.ts';
import { isDay } from '#src/i18n/dates.ts';
import { isoOfLocal } from '#src/i18n/local-time.ts';
import { publicId } from '#src/ids/public-id.ts';
import { decryptJson, decryptText, unwrapPersonKey } from '#src/people/encryption.ts';
import { addMonths } from '#src/purposes/months.ts';

/** Days on the clock of Berlin, both included. */
export interface Period {
  from: string;
  to: string;
}

/** One sentence when a period cannot be exported. */
export function faultOfPeriod({ from, to }: Period): 'no_day' | 'ends_before_it_begins' | undefined {
  if (!isDay(from) || !isDay(to)) return 'no_day';
  return to < from ? 'ends_before_it_begins' : undefined;
}

const columns = [
  ...['Erlaubnis', 'Vorname', 'Nachname', 'Firma', 'Straße', 'Postleitzahl', 'Ort', 'Land', 'Rufnummer'],
  ...['Werbendes Unternehmen', 'Sitz und Anschrift', 'Zweck', 'Textfassung', 'Wortlaut der Einwilligung'],
  ...['SHA-256 des Wortlauts', 'Einwilligung erteilt', 'Einwilligung erfasst', 'Art der Erteilung'],
  ...['Aufgenommen von', 'Angaben zum Nachweis', 'SHA-256 des Scans oder der Aufzeichnung', 'Nachweisgrad'],
  ...['Fehlende Angaben nach § 7a UWG', 'Beendet', 'Art der Beendigung', 'Anzahl der Verwendungen'],
  ...['Zeitpunkte der Verwendung (Kampagne)', 'Aufzubewahren bis', 'Ereignis'],
];

/**
 * What § 7a UWG obliges to document and to show to the Bundesnetzagentur on request: each consent of a consumer to
 * advertising calls that was given, used or ended within the period, as CSV. A consent has a line with its words, time, way,
 * evidence, end, every use within the period, and the end of the five years, which each use restarts.
 */
export async function* export7a(app: App, period: Period): AsyncGenerator<string> {
  const cell = csvCell(';');
  const line = (cells: string[]) => `${cells.map(cell).join(';')}\r\n`;
  // The mark makes spreadsheets read it as UTF-8.
  yield `\uFEFF${line(columns)}`;
  for (let after = ''; ; ) {
    const grants = await grantsAfter(app, after);
    const last = grants.at(-1);
    if (!last) return;
    after = last.id;
    const lines = await linesOf(app, grants, period);
    if (lines.length > 0) yield lines.map(line).join('');
  }
}

const grantsAtOnce = 500;

/** Consents to calls, in the order of the ledger's ids. One of a business is documented elsewhere. */
async function grantsAfter({ db }: App, after: string) {
  return db
    .selectFrom('events as event')
    .innerJoin('purposes', 'purposes.id', 'event.purpose_id')
    .innerJoin('controllers', 'controllers.id', 'purposes.controller_id')
    .innerJoin('contact_points as point', 'point.id', 'event.contact_point_id')
    .innerJoin('people', 'people.id', 'point.person_id')
    .leftJoin('grounds', 'grounds.event_id', 'event.id')
    .leftJoin('evidence', 'evidence.id', 'event.evidence_id')
    .leftJoin('consent_text_versions as version', 'version.id', 'event.text_version_id')
    .leftJoin('consent_texts as text', 'text.id', 'version.text_id')
    .select(['event.id', 'event.permission_id', 'event.number', 'event.kind', 'event.origin'])
    .select(['event.occurred_at', 'event.recorded_at', 'event.evidence_grade', 'purposes.key as purpose'])
    .select(['controllers.legal_name', 'controllers.address', 'controllers.country as seat'])
    .select(['point.value_enc', 'people.key_wrapped', 'people.details_enc', 'evidence.content_enc'])
    .select(['grounds.method', 'grounds.missing_7a', 'grounds.file_sha256'])
    .select(['version.wording', 'version.sha256', 'version.major', 'version.minor', 'text.locale'])
    .where('event.channel', '=', 'phone')
    .where('event.basis', '=', 'consent')
    .where('event.kind', 'in', ['granted', 'confirmed', 'imported', 'renewed'])
    .where((eb) => eb.or([eb('grounds.audience', 'is', null), eb('grounds.audience', '=', 'consumer')]))
    .where('event.id', '>', after)
    .orderBy('event.id')
    .limit(grantsAtOnce)
    .execute();
}

type Grant = Awaited<ReturnType<typeof grantsAfter>>[number];

async function linesOf(app: App, grants: Grant[], { from, to }: Period): Promise<string[][]> {
  const [start, end] = [startOf(from) ?? '', endOf(to)];
  const ids = [...new Set(grants.map(({ permission_id }) => permission_id))];
  const events = await app.db
    .selectFrom('events')
    .select(['permission_id', 'number', 'kind', 'occurred_at'])
    .where(isOneOf(app.db, 'permission_id', ids))
    .where('kind', 'in', ['granted', 'confirmed', 'imported', 'renewed', 'withdrawn', 'objected', 'expired'])
    .orderBy('number')
    .execute();
  const uses = await app.db
    .selectFrom('uses')
    .select(['permission_id', 'used_at', 'campaign'])
    .where(isOneOf(app.db, 'permission_id', ids))
    .orderBy('used_at')
    .execute();
  return grants.flatMap((grant) => {
    const later = events.filter(
      ({ permission_id, number }) => permission_id === grant.permission_id && number > grant.number,
    );
    const [next] = later;
    const ending = next && isEnd(next.kind) ? next : undefined;
    // Uses belong to the consent that was in force. One after its end is shown too: it is what an authority looks for.
    const nextGrant = later.find(({ kind }) => !isEnd(kind));
    const own = uses.filter(
      ({ permission_id, used_at }) =>
        permission_id === grant.permission_id &&
        used_at >= grant.occurred_at &&
        (!nextGrant || used_at < nextGrant.occurred_at),
    );
    const used = own.filter(({ used_at }) => used_at >= start && used_at < end);
    const within = (time: string | undefined) => time !== undefined && time >= start && time < end;
    if (!within(grant.occurred_at) && !within(ending?.occurred_at) && used.length === 0) return [];
    return [cellsOf(app, grant, ending, used, own.at(-1)?.used_at)];
  });
}

function isEnd(kind: string): boolean {
  return kind === 'withdrawn' || kind === 'objected' || kind === 'expired';
}

interface Ending {
  kind: string;
  occurred_at: string;
}

interface Use {
  used_at: string;
  campaign: string | null;
}

function cellsOf(
  app: App,
  grant: Grant,
  ending: Ending | undefined,
  used: Use[],
  lastUsedAt: string | undefined,
): string[] {
  const key = grant.key_wrapped === null ? undefined : unwrapPersonKey(app.keys, grant.key_wrapped);
  return [
    publicId('permission', grant.permission_id),
    ...personCells(grant, key),
    grant.legal_name,
    `${grant.address}, ${grant.seat}`,
    grant.purpose,
    ...wordsCells(grant),
    germanTime(grant.occurred_at),
    germanTime(grant.recorded_at),
    ways[grant.method ?? ''] ?? ways[grant.origin] ?? grant.method ?? grant.origin,
    ...evidenceCells(grant, key),
    ending ? germanTime(ending.occurred_at) : '',
    ending ? (ends[ending.kind] ?? ending.kind) : '',
    String(used.length),
    used.map(useText).join('; '),
    keptUntil(grant.occurred_at, lastUsedAt),
    publicId('event', grant.id),
  ];
}

const places = ['given_name', 'family_name', 'company', 'street', 'postal_code', 'city', 'country'];

/** Without `key` the person is erased. */
function personCells(grant: Grant, key: KeyObject | undefined): string[] {
  const details = key && grant.details_enc ? decryptJson<Record<string, string>>(key, grant.details_enc) : {};
  const number = key && grant.value_enc ? decryptText(key, grant.value_enc) : 'gelöscht';
  return [...places.map((name) => details[name] ?? ''), number];
}

function wordsCells({ wording, sha256, purpose, locale, major, minor }: Grant): string[] {
  if (wording === null) return ['', '', ''];
  return [`${purpose}/phone/${locale}@${major}.${minor}`, wording, sha256 ?? ''];
}

function evidenceCells(grant: Grant, key: KeyObject | undefined): string[] {
  const typed =
    key && grant.content_enc ? (decryptJson<EvidenceContent>(key, grant.content_enc).typed ?? {}) : {};
  const evidence = Object.entries(typed).filter(([name]) => name.startsWith('evidence.'));
  const missing = grant.missing_7a ? (JSON.parse(grant.missing_7a) as string[]) : [];
  return [
    String(typed.captured_by ?? ''),
    evidence.map(([name, value]) => `${name.slice('evidence.'.length)}: ${value}`).join('; '),
    grant.file_sha256 ?? '',
    grant.evidence_grade ?? '',
    missing.join(', '),
  ];
}

function useText({ used_at, campaign }: Use): string {
  return `${germanTime(used_at)}${campaign ? ` (${campaign})` : ''}`;
}

/** Five years from the consent, and again from each use (§ 7a(2) UWG). */
function keptUntil(grantedAt: string, lastUsedAt: string | undefined): string {
  const from = lastUsedAt !== undefined && lastUsedAt > grantedAt ? lastUsedAt : grantedAt;
  return germanTime(new Date(addMonths(Date.parse(from), 60)).toISOString());
}

/** The authority reads German, whoever exports. */
const ways: Record<string, string> = {
  paper: 'unterschriebenes Formular',
  postcard: 'unterschriebene Postkarte',
  fax: 'unterschriebenes Fax',
  in_person: 'persönlich unterschrieben',
  phone_recorded: 'aufgezeichneter eingehender Anruf',
  phone_oral: 'mündlich im eingehenden Anruf',
  dtmf: 'Tastenwahl im Anruf',
  import: 'aus einem anderen System übernommen',
  web_form: 'Online-Formular',
  confirmation: 'Online-Formular, per E-Mail bestätigt',
  preference_centre: 'Einstellungsseite',
};

const ends: Record<string, string> = {
  withdrawn: 'Widerruf',
  objected: 'Widerspruch',
  expired: 'durch Zeitablauf',
};

function germanTime(iso: string): string {
  return exactTime.format(new Date(iso));
}

/** To the second and with its zone: "02.11.2026, 09:30:00 MEZ" */
const exactTime = new Intl.DateTimeFormat('de-DE', {
  timeZone: 'Europe/Berlin',
  ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' },
});

function startOf(day: string): string | undefined {
  return isoOfLocal(`${day}T00:00`);
}

/** The first moment after the day. */
function endOf(day: string): string {
  const next = new Date(Date.parse(`${day}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return startOf(next) ?? '';
}
