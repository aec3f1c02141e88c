import type { LoadedFacts } from '../load-facts.ts';
import { needsGrounds } from '../load-grounds.ts';

/**
 * What a decision depends on besides the kind and the age of the permission: mostly nothing, an empty text. `undefined`:
 * facts that only this line has, so it is decided by itself.
 */
export function variantsOf(
  loaded: LoadedFacts | undefined,
  hashes: (string | undefined)[],
): (index: number) => string | undefined {
  const isSpecial = specialLines(loaded, hashes);

  function specialVariant(index: number): string | undefined {
    const hash = hashes[index];
    if (hash === undefined) return 'invalid ';
    if (!loaded) return '';
    const { suppressions, restricted, checks, contactPoints, others, uses } = loaded;
    if (suppressions.has(index) || restricted.has(hash) || checks.has(hash)) return undefined;
    const common = contactPoints.kind(index)?.common;
    if (common && needsGrounds(common)) return undefined;
    if (uses.freeAt.has(contactPoints.permissionId(index))) return undefined;
    const other = others.get(contactPoints.contactPoint(index)?.contactPointId ?? '');
    const { samePurposeOtherChannel = false, otherPurpose = false } = other ?? {};
    return `${uses.times.get(index) ?? 0} ${samePurposeOtherChannel} ${otherPurpose} `;
  }

  return (index) => (isSpecial[index] ? specialVariant(index) : '');
}

/** Marks the lines with more facts than their kind. Most lines have none, and this is read for every line of a file. */
function specialLines(loaded: LoadedFacts | undefined, hashes: (string | undefined)[]): Uint8Array {
  const isSpecial = new Uint8Array(hashes.length);
  for (const [index, hash] of hashes.entries()) if (hash === undefined) isSpecial[index] = 1;
  if (!loaded) return isSpecial;
  const { suppressions, restricted, checks, detailed, uses } = loaded;
  for (const index of suppressions.keys()) isSpecial[index] = 1;
  for (const index of detailed.indexes) isSpecial[index] = 1;
  for (const index of uses.times.keys()) isSpecial[index] = 1;
  if (restricted.size === 0 && checks.size === 0) return isSpecial;
  for (const [index, hash = ''] of hashes.entries()) {
    if (restricted.has(hash) || checks.has(hash)) isSpecial[index] = 1;
  }
  return isSpecial;
}
