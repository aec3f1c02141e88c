import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import Papa from 'papaparse';
import { isOneOf } from '#db/key-lists.ts';
import type { App } from '#src/app/app.ts';
import { decryptText, unwrapPersonKey } from '#src/people/encryption.ts';
import { type ContactQuestion, decideContacts, hashOf } from '../decide-contacts.ts';
import type { Decision } from '../facts.ts';
import { findDecisionPurpose } from '../purpose.ts';
import { csvCell } from './csv-cell.ts';
import type { ScrubKind } from './open-table.ts';
import { TableFault } from './table-format.ts';

/** Some more lines about addresses that may not be contacted. */
export interface Others {
  text: string;
  /** For each reason the number of addresses, and of those that may get a letter instead. */
  reasons: Map<string, { rows: number; letters: number }>;
}

export const othersHead = `${['contact_point', 'reason', 'law', 'letter', 'letter_to', 'letter_reason', 'letter_law', 'letter_duties'].join(',')}\r\n`;

const rowsPerBatch = 2000;

/**
 * The denied lines of a scrubbed file: the reason, and whether the person may get a letter for the same purpose instead.
 * A letter needs a ground of its own and a recorded address; the denial itself allows none. Some thousand lines at a
 * time, whatever the size of the file.
 */
export async function* othersOf(
  app: App,
  question: ContactQuestion,
  kind: ScrubKind,
  source: Readable,
): AsyncGenerator<Others> {
  const purpose = await findDecisionPurpose(app.db, question.purpose);
  const byPost = question.channel !== 'post' && (purpose?.channels.includes('post') ?? false);
  let batch: Denied[] = [];
  for await (const row of deniedIn(kind, source)) {
    batch.push(row);
    if (batch.length < rowsPerBatch) continue;
    yield answered(batch, byPost ? await lettersFor(app, question, batch) : new Map());
    batch = [];
  }
  if (batch.length > 0) yield answered(batch, byPost ? await lettersFor(app, question, batch) : new Map());
}

interface Denied {
  contact_point: string;
  reason: string;
  law: string;
}

async function* deniedIn(kind: ScrubKind, source: Readable): AsyncGenerator<Denied> {
  const rows =
    kind === 'csv'
      ? (source.pipe(Papa.parse(Papa.NODE_STREAM_INPUT, { header: true })) as AsyncIterable<
          Record<string, unknown>
        >)
      : jsonLines(source);
  for await (const row of rows) {
    const { contact_point, allowed, reason, law } = row;
    if (allowed === undefined || reason === undefined) {
      throw new TableFault('not_scrubbed', 'This is no answer of scrub: allowed and reason are missing.');
    }
    if (String(allowed) === 'true') continue;
    const laws = Array.isArray(law) ? law.join('; ') : String(law ?? '');
    yield { contact_point: String(contact_point ?? ''), reason: String(reason), law: laws };
  }
}

async function* jsonLines(source: Readable): AsyncGenerator<Record<string, unknown>> {
  for await (const line of createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== '') yield objectIn(line);
  }
}

/** Anything but an object counts as an object without an answer, which the caller refuses. */
function objectIn(line: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(line)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

interface Letter {
  to: string;
  decision: Decision;
}

/** The postal address of each owner with its decision, by the address in the file. */
async function lettersFor(
  app: App,
  question: ContactQuestion,
  batch: Denied[],
): Promise<Map<string, Letter>> {
  const hashes = new Map(
    batch.flatMap(({ contact_point }) => {
      const hash = hashOf(app, question, contact_point);
      return hash ? [[contact_point, hash] as const] : [];
    }),
  );
  if (hashes.size === 0) return new Map();
  const recorded = await postalAddresses(app, [...new Set(hashes.values())]);
  const typed = recorded.map(({ to }) => to);
  const decided = await decideContacts(app, app.db, { ...question, channel: 'post' }, typed);
  const best = new Map<string, Letter>();
  for (const [index, { hash, to }] of recorded.entries()) {
    const decision = decided[index]?.decision;
    if (decision && !best.get(hash)?.decision.allowed) best.set(hash, { to, decision });
  }
  return new Map(
    [...hashes].flatMap(([typed, hash]) => (best.has(hash) ? [[typed, best.get(hash) as Letter]] : [])),
  );
}

/** Of the owners of these addresses, the oldest first. */
async function postalAddresses({ db, keys }: App, hashes: string[]): Promise<{ hash: string; to: string }[]> {
  const rows = await db
    .selectFrom('contact_points as denied')
    .innerJoin('contact_points as postal', 'postal.person_id', 'denied.person_id')
    .innerJoin('people', 'people.id', 'denied.person_id')
    .select(['denied.lookup_hash', 'postal.value_enc', 'people.key_wrapped'])
    .where(isOneOf(db, 'denied.lookup_hash', hashes))
    .where('postal.channel', '=', 'post')
    .where('postal.value_enc', 'is not', null)
    .orderBy('postal.created_at')
    .execute();
  return rows.flatMap(({ lookup_hash: hash, value_enc, key_wrapped }) =>
    hash && value_enc && key_wrapped
      ? [{ hash, to: decryptText(unwrapPersonKey(keys, key_wrapped), value_enc) }]
      : [],
  );
}

function answered(batch: Denied[], letters: Map<string, Letter>): Others {
  const reasons: Others['reasons'] = new Map();
  const cell = csvCell(',');
  let text = '';
  for (const { contact_point, reason, law } of batch) {
    const letter = letters.get(contact_point);
    const allowed = letter?.decision.allowed === true;
    const count = reasons.get(reason) ?? { rows: 0, letters: 0 };
    reasons.set(reason, { rows: count.rows + 1, letters: count.letters + (allowed ? 1 : 0) });
    const cells = [
      contact_point,
      reason,
      law,
      allowed ? 'true' : 'false',
      // No postal address in the file unless a letter is allowed.
      allowed ? (letter?.to ?? '').replaceAll('\n', ', ') : '',
      letter?.decision.reason ?? '',
      letter?.decision.law.join('; ') ?? '',
      letter?.decision.duties.join(' ') ?? '',
    ];
    text += `${cells.map(cell).join(',')}\r\n`;
  }
  return { text, reasons };
}
