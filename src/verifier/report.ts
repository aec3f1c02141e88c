import type { Check, DossierVerdict } from './verdict.ts';
import { resultOf, sentenceOf } from './words.ts';

/** A table for a terminal: a line for each check, then the result, in German and English. */
export function reportOf(verdict: DossierVerdict): string {
  const { de, en } = resultOf(verdict);
  if (verdict.outcome === 'unreadable') return `${de}\n${en}`;
  const rows = verdict.checks.filter(isWorthARow).map(rowOf);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...table, '', ...keyLines(verdict.key), de, en].join('\n');
}

/** That a file is unchanged is said of those only of which nothing more can be said. */
function isWorthARow(check: Check, _: number, all: Check[]): boolean {
  const saysMore = (one: Check) => one !== check && one.about === check.about;
  return check.code !== 'file' || !check.ok || !all.some(saysMore);
}

function rowOf(check: Check): string[] {
  const { de, en } = sentenceOf(check);
  const about = check.code === 'entry_included' ? `# ${check.about}` : check.about;
  return [check.ok ? 'ok' : 'ERROR', about, de, en];
}

/** A forged log has a key of its own, so the key has to be compared with one from elsewhere. */
function keyLines(key: string): string[] {
  return key === ''
    ? []
    : [
        `Schlüssel / key: ${key}`,
        'Vergleichen Sie ihn mit dem, den Sie kennen (/.well-known/jawort/keys, eine frühere Quittung).',
        'Compare it with the one you know (/.well-known/jawort/keys, an earlier receipt).',
        '',
      ];
}
