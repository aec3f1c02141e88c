/** Writes cells for this delimiter: quoted where needed, and never as formulas. */
export function csvCell(delimiter: string): (text: string) => string {
  const special = `"\\r\\n${delimiter}`;
  const needsQuotes = new RegExp(`[${special}]`);
  // Nearly all cells: no quotes needed, and no start of a formula.
  const plain = new RegExp(`^[^=+\\-@\\t${special}][^${special}]*$`);
  return (text) => {
    if (text === '' || plain.test(text)) return text;
    const safe = inert(text);
    return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
}

/**
 * A spreadsheet runs cells that begin like this as formulas. Signed numbers and telephone numbers are no formulas.
 */
function inert(cell: string): string {
  if (!/^[=+\-@\t\r]/.test(cell) || /^[+-][\d\s()./-]*$/.test(cell)) return cell;
  return `'${cell}`;
}
