import type { Figure, PartReport } from './part.ts';

/** What a terminal shows of a part: its tables, then each figure beside its aim. */
export function printed(title: string, { tables, figures }: PartReport): string {
  const lines = figures.map((figure) => [figure.what, figure.measured, figure.aim ?? '', verdict(figure)]);
  const blocks = [...tables, [['', 'measured', 'aim', ''], ...lines]].map((rows) => aligned(rows).join('\n'));
  return [`── ${title}`, ...blocks].join('\n\n');
}

function verdict({ met }: Figure): string {
  if (met === undefined) return '';
  return met ? 'met' : 'MISSED';
}

/** The first column to the left, numbers to the right. */
function aligned(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
