import type { DossierVerdict } from '#src/verifier/verdict.ts';
import { resultOf, sentenceOf } from '#src/verifier/words.ts';

export interface DossierReport {
  outcome: DossierVerdict['outcome'];
  /** One sentence. */
  result: string;
  /** The first key of the log that it comes from; empty when it cannot be read. */
  key: string;
  /** One line for each thing that does not fit. */
  faults: string[];
}

/** The verifier of dossiers speaks German and English. */
export function dossierReport(verdict: DossierVerdict, language: string): DossierReport {
  const spoken = language.startsWith('de') ? 'de' : 'en';
  const result = resultOf(verdict)[spoken];
  if (verdict.outcome === 'unreadable') return { outcome: verdict.outcome, result, key: '', faults: [] };
  const faults = verdict.checks
    .filter(({ ok }) => !ok)
    .map((check) => `${check.about}: ${sentenceOf(check)[spoken]}`);
  return { outcome: verdict.outcome, result, key: verdict.key, faults };
}
