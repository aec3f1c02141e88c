/** Two spellings of one product line are equal: blanks, case and the form of letters make no difference. */
export function foldProductLine(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}
