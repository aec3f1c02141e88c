/**
 * Says whether a dossier is genuine. The same code runs in the dossier's own `verify.mjs`, in the command
 * `verify-dossier` and in the browser at `/verify`. It reads nothing but the files it is given.
 */
import { textOf } from './bytes.ts';
import { checkEvidence } from './check-evidence.ts';
import { checkLog } from './check-log.ts';
import { checkStamps } from './check-stamps.ts';
import { type Entry, parseObject, readLeaves } from './dossier-leaves.ts';
import { checkFiles, type Files, hashOfList, leavesName, listName } from './file-list.ts';
import type { Check, DossierVerdict } from './verdict.ts';

/**
 * @param files by their names in the dossier, e.g. `mails/1-confirm-signup.eml`
 * @param trusted keys of the log that you have from elsewhere (`{name}+{id}+{base64}`); empty: the first one of its log
 */
export async function verifyDossier(files: Files, trusted: string[] = []): Promise<DossierVerdict> {
  const { list, checks } = await checkFiles(files);
  const leavesBytes = files.get(leavesName);
  if (!leavesBytes && !list.has(leavesName)) return { outcome: 'unreadable', because: 'no_dossier' };
  const leaves = readLeaves(textOf(leavesBytes ?? new Uint8Array()) ?? '');
  if (typeof leaves === 'string') {
    const isAsListed = checks.every(({ ok }) => ok);
    if (leaves === 'other_format' && isAsListed) return { outcome: 'unreadable', because: 'other_format' };
    checks.push({ code: 'leaves_unreadable', ok: false, about: leavesName });
    return { outcome: 'not_genuine', origin: '', size: 0, key: '', checks };
  }
  const keyLines = (textOf(files.get('keys.txt') ?? new Uint8Array()) ?? '').split('\n').filter(Boolean);
  const log = await checkLog(leaves, keyLines, trusted);
  checks.push(
    ...log.checks,
    await checkList(list, log.entries),
    ...(await checkEvidence(files, log.entries)),
  );
  checks.push(...(await checkStamps(files, leaves)));
  return {
    outcome: checks.every(({ ok }) => ok) ? 'genuine' : 'not_genuine',
    origin: log.head?.origin ?? '',
    size: log.head?.size ?? 0,
    key: log.key,
    checks,
  };
}

/** The log has an entry about this dossier, with the hash of its list of files. */
async function checkList(list: Map<string, string>, entries: Entry[]): Promise<Check> {
  const hash = await hashOfList(list);
  const made = entries.find(
    ({ entry, facts }) =>
      entry === 'audit' &&
      facts.act === 'dossier.made' &&
      parseObject(`${facts.details}`)?.files_sha256 === hash,
  );
  return { code: 'list_logged', ok: made !== undefined, about: listName, detail: `${made?.index ?? ''}` };
}
