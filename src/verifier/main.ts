/**
 * Checks a dossier of Jawort: `node verify.mjs [--key KEY]` in the unpacked folder. It needs Node 20 or newer, and nothing
 * else: no package and no network.
 *
 * It computes each hash again, compares the files with what the log has committed to, follows the proofs from every entry to
 * the signed head of the log (RFC 9162), and the keys of the log from the first one to the one that signed.
 *
 * Exit code 0: genuine, 1: not genuine, 2: unreadable.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Files } from './file-list.ts';
import { reportOf } from './report.ts';
import { verifyDossier } from './verify-dossier.ts';

const { values } = parseArgs({
  options: { key: { type: 'string', multiple: true, default: [] } },
});
const result = await verifyDossier(readFolder(import.meta.dirname ?? '.'), values.key);
process.stdout.write(`${reportOf(result)}\n`);
process.exitCode = { genuine: 0, not_genuine: 1, unreadable: 2 }[result.outcome];

function readFolder(folder: string): Files {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => name.replaceAll('\\', '/'));
  return new Map(names.sort().map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
}
