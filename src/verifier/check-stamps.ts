/** Checks the time stamps (RFC 3161) below `tsa/`: that each is of a head of the log, and signed. */
import { verifyStamp } from '#src/log/verify-stamp.ts';
import { utf8 } from './bytes.ts';
import type { DossierLeaves } from './dossier-leaves.ts';
import type { Files } from './file-list.ts';
import type { Check } from './verdict.ts';

export async function checkStamps(files: Files, { earlier }: DossierLeaves): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [name, bytes] of files) {
    const [, size] = /^tsa\/(\d+)\.tsr$/.exec(name) ?? [];
    if (size === undefined) continue;
    const head = earlier.find(({ checkpoint }) => checkpoint.split('\n')[1] === size);
    const stamp = head && (await verifyStamp(new Uint8Array(bytes), utf8(head.checkpoint)));
    const ok = stamp?.outcome === 'genuine';
    checks.push({
      code: 'head_stamped',
      ok,
      about: name,
      detail: `${size}, ${ok ? stamp.at.toISOString() : ''}`,
    });
  }
  return checks;
}
