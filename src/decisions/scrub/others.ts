import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import Papa from 'papaparse';
import { isOneOf } from '#db/key-lists.ts';
import type { App } from '#src/app/app.ts';
import { decryptText, unwrapPersonKey } from '#src/people/encryption.ts';
import { type ContactQuestion, decideContacts, hashOf } from '../decide-contacts.ts';
import type { Decision } from '../facts.ts';
import { findPurpose } from '../purpose.ts';
import { csvCell } from './csv-cell.ts';
import type { ScrubKind } from './scrub.ts';
import { TableFault } from './table-format.ts';

/** Some more lines about those who may not be contacted in the way that was asked about. */
export interface Others {
  text: string;
  /** Of how many each reason is the reason, and to how many of them a letter may go instead. */
  reasons: Map<string, { rows: number; letters: number }>;
}

export const othersHead = `${['contact_point', 'reason', 'law', 'letter', 'letter_to', 'letter_reason', 'letter_law', 'letter_duties'].join(',')}\r\n`;

const atOnce = 2000;

/**
 * What becomes of the lines of a scrubbed file whose answer was no: why, and whether the person may be written to by
 * letter for the same purpose. A letter needs a ground of its own, and goes to an address that is known: none is
 * derived from the no. A few thousand lines at a time, whatever the size of the file.
 */
export async function* othersOf(
  app: App,
  question: ContactQuestion,
  kind: ScrubKind,
  source: Readable,
): AsyncGenerator<Others> {
  const purpose = await findPurpose(app.db, question.purpose);
  const byPost = question.channel !== 'post' && (purpose?.channels.includes('post') ?? false);
  let batch: Denied[] = [];
  for await (const row of deniedIn(kind, source)) {
    batch.push(row);
    if (batch.length < atOnce) continue;
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

/** What is no object has no answer in it either, which the reader says. */
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

/** By the address that was asked about: the letter box of its owner, and what may be done with it. */
async function lettersFor(
  app: App,
  question: ContactQuestion,
  batch: Denied[],
): Promise<Map<string, Letter>> {
  const hashes = new Map(
    batch.flatMap(({ contact_point }) => {
      const hash = hashOf(app, question.channel, question.jurisdiction, contact_point);
      return hash ? [[contact_point, hash] as const] : [];
    }),
  );
  if (hashes.size === 0) return new Map();
  const boxes = await app.db
    .selectFrom('contact_points as asked')
    .innerJoin('contact_points as box', 'box.person_id', 'asked.person_id')
    .innerJoin('people', 'people.id', 'asked.person_id')
    .select(['asked.lookup_hash', 'box.value_enc', 'people.key_wrapped'])
    .where(isOneOf(app.db, 'asked.lookup_hash', [...new Set(hashes.values())]))
    .where('box.channel', '=', 'post')
    .where('box.value_enc', 'is not', null)
    .orderBy('box.created_at')
    .execute();
  const known = boxes.flatMap(({ lookup_hash, value_enc, key_wrapped }) =>
    lookup_hash && value_enc && key_wrapped
      ? [{ hash: lookup_hash, to: decryptText(unwrapPersonKey(app.keys, key_wrapped), value_enc) }]
      : [],
  );
  const asked = { ...question, channel: 'post' as const };
  const decided = await decideContacts(
    app,
    app.db,
    asked,
    known.map(({ to }) => to),
  );
  const best = new Map<string, Letter>();
  for (const [index, { hash, to }] of known.entries()) {
    const decision = decided[index]?.decision;
    if (decision && !best.get(hash)?.decision.allowed) best.set(hash, { to, decision });
  }
  return new Map(
    [...hashes].flatMap(([typed, hash]) => (best.has(hash) ? [[typed, best.get(hash) as Letter]] : [])),
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
      // Who may not be written to has no address in the file.
      allowed ? (letter?.to ?? '').replaceAll('\n', ', ') : '',
      letter?.decision.reason ?? '',
      letter?.decision.law.join('; ') ?? '',
      letter?.decision.duties.join(' ') ?? '',
    ];
    text += `${cells.map(cell).join(',')}\r\n`;
  }
  return { text, reasons };
}
