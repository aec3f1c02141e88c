import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { App } from '#src/app/app.ts';
import { contactPointSalt } from '#src/log/contact-point-entry.ts';
import { newestCheckpoint } from '#src/log/log-status.ts';
import { inclusionProof } from '#src/log/merkle-tree.ts';
import { signNow } from '#src/log/start-log.ts';
import { treeOf } from '#src/log/tile-store.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import type { LogEvidence } from '#src/verifier/log-evidence.ts';
import type { ReceiptFacts } from './receipt-facts.ts';

/**
 * Proves that the log holds what the receipt says: its newest event, the words, the address and the key that signs it. What
 * is not under a signed head yet is put there at once. Null where no head is signed: without a log key.
 */
export async function logEvidenceOf(
  app: App,
  person: PersonWithKey,
  facts: ReceiptFacts,
  kid: string,
): Promise<LogEvidence | null> {
  const refs = refsOf(facts, kid);
  const evidence = await provenUnderHead(app.db, refs);
  const proven = evidence ?? ((await signHeadNow(app)) ? await provenUnderHead(app.db, refs) : undefined);
  if (!proven) return null;
  const { id, normalised } = facts.contactPoint;
  const salt = contactPointSalt(person.key, id).toString('hex');
  return { ...proven, address: { channel: facts.channel, value: normalised, salt } };
}

interface Ref {
  kind: string;
  ref: string;
}

function refsOf({ events, text, contactPoint }: ReceiptFacts, kid: string): Ref[] {
  return [
    { kind: 'event', ref: events.at(-1)?.id ?? '' },
    ...(text ? [{ kind: 'text_version', ref: text.id }] : []),
    { kind: 'contact_point', ref: contactPoint.id },
    { kind: 'receipt_key', ref: kid },
  ];
}

async function signHeadNow(app: App): Promise<boolean> {
  const { logKey } = app.config;
  return logKey !== undefined && (await signNow(app, logKey)).outcome === 'signed';
}

/** `undefined` while the newest head does not cover all of them. */
async function provenUnderHead(db: Db, refs: Ref[]): Promise<Omit<LogEvidence, 'address'> | undefined> {
  const head = await newestCheckpoint(db);
  if (!head) return undefined;
  const size = Number(head.size);
  const found = await newestEntries(db, refs);
  if (found.length < refs.length || found.some(({ idx }) => Number(idx) >= size)) return undefined;
  const tree = treeOf(db);
  const entries = [];
  for (const { idx, body } of found) {
    const proof = await inclusionProof(Number(idx), size, tree);
    const hashes = proof.map((hash) => Buffer.from(hash).toString('base64'));
    entries.push({ index: Number(idx), body, proof: hashes });
  }
  return { size, root: head.root, signed_at: head.at, checkpoint: head.note, entries };
}

/** The newest entry about each, in the order asked. */
async function newestEntries(db: Db, refs: Ref[]) {
  const rows = await db
    .selectFrom('log_entries')
    .select(['idx', 'kind', 'ref', 'body'])
    .where(
      isOneOf(
        db,
        'ref',
        refs.map(({ ref }) => ref),
      ),
    )
    .orderBy('idx', 'desc')
    .execute();
  return refs.flatMap(({ kind, ref }) => rows.find((row) => row.kind === kind && row.ref === ref) ?? []);
}
