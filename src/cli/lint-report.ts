import type { RuleLanguage } from '#src/consent-texts/wording-check/check-input.ts';
import type { Finding } from '#src/consent-texts/wording-check/finding.ts';

/** The findings for a terminal: position, quoted words, reason, ruling, example. */
export function lintReport(file: string, wording: string, findings: Finding[], locale: RuleLanguage): string {
  const words = WORDS[locale];
  const blocks = findings.map((one) => block(file, wording, one, words));
  return `${[...blocks, `${summary(findings, words)}\n${words.noClearance}`].join('\n\n')}\n`;
}

const WORDS = {
  de: {
    error: ['Fehler', 'Fehler'],
    warn: ['Warnung', 'Warnungen'],
    info: ['Hinweis', 'Hinweise'],
    law: 'Grund',
    advice: 'Rat',
    good: 'Gut',
    noClearance: 'Ein sauberes Ergebnis ist keine rechtliche Freigabe.',
  },
  en: {
    error: ['error', 'errors'],
    warn: ['warning', 'warnings'],
    info: ['hint', 'hints'],
    law: 'Law',
    advice: 'Advice',
    good: 'Good',
    noClearance: 'A clean check is no legal clearance.',
  },
} as const;

type ReportWords = (typeof WORDS)[RuleLanguage];

function block(file: string, wording: string, one: Finding, words: ReportWords): string {
  return [
    `${file}:${position(wording, one)} ${words[one.severity][0]} ${one.rule}  ${one.message}`,
    ...(one.end > one.start ? [`    ${excerpt(wording, one)}`] : []),
    `    ${words.law}: ${one.law} [${one.status}]`,
    `    ${words.advice}: ${one.advice}`,
    ...(one.good ? [`    ${words.good}: ${one.good}`] : []),
  ].join('\n');
}

/** Line and column, both from 1. A finding about the whole text is at its beginning. */
function position(wording: string, { start }: Finding): string {
  const lines = wording.slice(0, start).split(/\r\n|\n|\r/u);
  return `${lines.length}:${Array.from(lines.at(-1) ?? '').length + 1}`;
}

function excerpt(wording: string, { start, end }: Finding): string {
  const before = wording.slice(Math.max(0, start - 30), start);
  const after = wording.slice(end, end + 30);
  const line = `${start > 30 ? '…' : ''}${before}»${wording.slice(start, end)}«${after}${end + 30 < wording.length ? '…' : ''}`;
  return visible(line);
}

/** Shows control characters as text, so the terminal does not act on them. */
function visible(text: string): string {
  return text
    .replace(/\p{White_Space}+/gu, ' ')
    .toWellFormed()
    .replace(
      /\p{Cf}|\p{Cc}/gu,
      (mark) => `⟨U+${(mark.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
    );
}

function summary(findings: Finding[], words: ReportWords): string {
  return (['error', 'warn', 'info'] as const)
    .map((severity) => {
      const count = findings.filter((one) => one.severity === severity).length;
      return `${count} ${words[severity][count === 1 ? 0 : 1]}`;
    })
    .join(', ');
}
