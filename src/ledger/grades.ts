import type { EvidenceGrade } from '#db/schema/vocabulary.ts';

/** The best first. A confirmation that another system claims is worth more than a signature, and less than our own. */
export const evidenceGrades = ['A', 'claimed', 'B', 'C', 'D'] as const satisfies EvidenceGrade[];

/** Whether the first grade is weaker than the second. */
export function isWeakerGrade(one: EvidenceGrade | null, other: EvidenceGrade | null): boolean {
  return evidenceGrades.indexOf(one ?? 'D') > evidenceGrades.indexOf(other ?? 'D');
}
