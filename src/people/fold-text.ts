/** Lower case, umlauts written out, without accents; everything but letters and digits becomes one space. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFC')
    .replace(/[äöüß]/g, (letter) => spelledOut[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Without spaces, and with umlauts as they are often mistyped: `Müller`, `Mueller` and `Muller` become equal. */
export function squash(folded: string): string {
  return folded
    .replaceAll(' ', '')
    .replace(/([aou])e/g, '$1')
    .replaceAll('ss', 's');
}

const spelledOut: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };
