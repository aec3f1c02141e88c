/** Writes cells for this delimiter: quoted where they have to be, and never as formulas. */
export function csvCell(delimiter: string): (text: string) => string {
  const special = `"\\r\\n${delimiter}`;
  const needsQuotes = new RegExp(`[${special}]`);
  // Nearly all cells are of this kind: no quotes needed, and a beginning that is no formula's.
  const plain = new RegExp(`^[^=+\\-@\\t${special}][^${special}]*$`);
  return (text) => {
    if (text === '' || plain.test(text)) return text;
    const safe = inert(text);
    return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
}

/**
 * A spreadsheet runs cells that begin like this as formulas. Numbers with a sign, telephone numbers among
 * them, are none.
 */
function inert(cell: string): string {
  if (!/^[=+\-@\t\r]/.test(cell) || /^[+-][\d\s()./-]*$/.test(cell)) return cell;
  return `'${cell}`;
}
