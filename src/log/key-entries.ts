import { sql } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import type { EntryBody } from './entry-body.ts';
import { type NoteSigner, type NoteVerifier, readVerifier, verifierOf, verifierText } from './signed-note.ts';

/** A key of the log, from its first entry to its last. */
export interface LogKey {
  verifier: NoteVerifier;
  /** As others are given it. */
  text: string;
  addedAt: string;
  retiredAt: string | null;
}

/** Written out: SQLite uses the partial index `log_entries_keys` only for a condition without parameters. */
const isKeyEntry = sql<boolean>`kind IN ('key_added', 'key_retired')`;

/** All keys that this log was ever signed with, the one in use first. The log itself says so. */
export async function listLogKeys(db: Db | Tx): Promise<LogKey[]> {
  const rows = await db
    .selectFrom('log_entries')
    .select(['kind', 'at', 'body'])
    .where(isKeyEntry)
    .orderBy('idx')
    .execute();
  const keys = new Map<string, LogKey>();
  for (const { kind, at, body } of rows) {
    const text = String((JSON.parse(body) as EntryBody).verifier);
    const verifier = readVerifier(text);
    if (!verifier) continue;
    const known = keys.get(text);
    if (kind === 'key_added') keys.set(text, { verifier, text, addedAt: at, retiredAt: null });
    else if (known) known.retiredAt = at;
  }
  const all = [...keys.values()].reverse();
  return [
    ...all.filter(({ retiredAt }) => retiredAt === null),
    ...all.filter(({ retiredAt }) => retiredAt !== null),
  ];
}

/** Whether this key signs the log: it has been added and not retired. */
export async function isLogKey(db: Db | Tx, signer: NoteSigner): Promise<boolean> {
  const text = verifierText(verifierOf(signer));
  return (await listLogKeys(db)).some((key) => key.text === text && key.retiredAt === null);
}

/** Puts an entry about a key into the queue of the log. */
export async function queueKeyEntry(
  db: Db | Tx,
  kind: 'key_added' | 'key_retired',
  signer: NoteSigner,
): Promise<void> {
  const verifier = verifierText(verifierOf(signer));
  const ref = verifier.split('+')[1] ?? '';
  await db
    .insertInto('log_queue')
    .values({ kind, ref, note: JSON.stringify({ verifier }) })
    .execute();
}
