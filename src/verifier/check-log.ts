/** Checks that every entry is in the log, and that the log was signed by keys that follow from the trusted ones. */
import { isConsistent, isIncluded } from '#src/log/verify-proof.ts';
import { sha256 } from './bytes.ts';
import { type DossierLeaves, type Entry, entriesIn, hashesIn } from './dossier-leaves.ts';
import { type Head, type LogKey, openHead, readCosignature, readLogKey } from './signed-note.ts';
import type { Check } from './verdict.ts';

export interface CheckedLog {
  /** `undefined` when the newest head can't be read. */
  head: Head | undefined;
  /** The first key of the chain. */
  key: string;
  /** Those that are in the log. */
  entries: Entry[];
  checks: Check[];
}

/** @param trusted keys as they are written down; empty: the first key that the log itself names */
export async function checkLog(
  leaves: DossierLeaves,
  keyLines: string[],
  trusted: string[],
): Promise<CheckedLog> {
  const read = await Promise.all(keyLines.map(readLogKey));
  const checks: Check[] = keyLines
    .filter((_, index) => !read[index])
    .map(() => ({ code: 'key_unreadable', ok: false, about: 'keys.txt' }));
  const known = read.filter((key) => key !== undefined);
  const keys = known.filter((key) => key.of === 'log');
  const opened = await openHead(leaves.checkpoint, keys);
  checks.push(headCheck(opened));
  if (opened.outcome !== 'opened') return { head: undefined, key: '', entries: [], checks };
  const { head } = opened;
  const entries: Entry[] = [];
  for (const [index, entry] of entriesIn(leaves).entries()) {
    const ok = await isInLog(entry, leaves.leaves[index]?.inclusion ?? [], head);
    checks.push({
      code: 'entry_included',
      ok,
      about: `${entry.index}`,
      detail: `${entry.entry} ${entry.ref}`,
    });
    if (ok) entries.push(entry);
  }
  const earlier = await checkEarlier(leaves, known, head, checks);
  const chain = followKeys(keys, entries, [...earlier, head], trusted);
  checks.push({ code: 'key_trusted', ok: chain.ok, about: chain.first || 'keys.txt' });
  return { head, key: chain.first, entries, checks };
}

function headCheck(opened: Awaited<ReturnType<typeof openHead>>): Check {
  if (opened.outcome === 'unreadable') return { code: 'head_unreadable', ok: false, about: 'leaves.json' };
  const signed = opened.outcome === 'opened' && opened.head.signedBy.length > 0;
  const size = opened.outcome === 'opened' ? `${opened.head.size}` : '';
  return { code: 'head_signed', ok: signed, about: 'leaves.json', detail: size };
}

async function isInLog({ index, body }: Entry, inclusion: string[], head: Head): Promise<boolean> {
  const hash = await sha256(new Uint8Array([0, ...body]));
  return isIncluded(sha256, { index, hash }, head, hashesIn(inclusion));
}

/** The older heads that the newest one continues, by size. */
async function checkEarlier(
  { earlier }: DossierLeaves,
  known: LogKey[],
  newest: Head,
  checks: Check[],
): Promise<Head[]> {
  const keys = known.filter((key) => key.of === 'log');
  const witnesses = known.filter((key) => key.of === 'witness');
  const heads: Head[] = [];
  for (const { checkpoint, cosignatures, consistency } of earlier) {
    const opened = await openHead(checkpoint, keys);
    const ok =
      opened.outcome === 'opened' &&
      opened.head.origin === newest.origin &&
      (await isConsistent(sha256, opened.head, newest, hashesIn(consistency)));
    const detail = opened.outcome === 'opened' ? `${opened.head.size}` : '';
    checks.push({ code: 'head_continued', ok, about: 'leaves.json', detail });
    if (!ok) continue;
    heads.push(opened.head);
    for (const line of cosignatures) checks.push(await checkCosignature(line, opened.head, witnesses));
  }
  return heads.sort((a, b) => a.size - b.size);
}

async function checkCosignature(line: string, head: Head, witnesses: LogKey[]): Promise<Check> {
  const read = await readCosignature(line, head, witnesses);
  const detail = `${head.size}, ${read?.at.toISOString() ?? ''}`;
  return {
    code: 'head_cosigned',
    ok: read !== undefined,
    about: read?.witness.text ?? 'leaves.json',
    detail,
  };
}

/**
 * Walks from the first trusted key to the newest head: a head that a trusted key has signed makes the keys trusted that were
 * added before it, and ends those that were retired.
 */
function followKeys(
  keys: LogKey[],
  entries: Entry[],
  heads: Head[],
  given: string[],
): { ok: boolean; first: string } {
  const named = entries.filter(({ entry }) => entry === 'key_added' || entry === 'key_retired');
  const first = named.filter(({ entry }) => entry === 'key_added').sort((a, b) => a.index - b.index)[0];
  const pins = given.length > 0 ? given : [String(first?.facts.verifier)];
  const trusted = new Set(keys.map(({ text }) => text).filter((text) => pins.includes(text)));
  const start = [...trusted].at(-1) ?? '';
  let ok = false;
  for (const head of heads) {
    ok = head.signedBy.some(({ text }) => trusted.has(text));
    if (!ok) continue;
    for (const { entry, facts } of named.filter(({ index }) => index < head.size)) {
      if (entry === 'key_added') trusted.add(String(facts.verifier));
      else trusted.delete(String(facts.verifier));
    }
  }
  return { ok, first: start };
}
