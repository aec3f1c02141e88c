/** The pattern also for words written without umlauts: "für" and "fuer", "groß" and "gross". Classes stay as they are. */
export function anySpelling(pattern: RegExp): RegExp {
  return new RegExp(spellings(pattern.source), pattern.flags);
}

export function spellings(source: string): string {
  return source.replace(/\[[^\]]*\]|[äöüß]/gu, (part) => SPELLINGS[part] ?? part);
}

const SPELLINGS: Record<string, string> = {
  ä: '(?:ä|ae)',
  ö: '(?:ö|oe)',
  ü: '(?:ü|ue)',
  ß: '(?:ß|ss)',
};
