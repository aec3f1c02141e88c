import type { EvidenceGrade } from '#db/schema.ts';

/** The best first. A claimed confirmation is more than a signature, and less than one that was seen here. */
export const evidenceGrades = ['A', 'claimed', 'B', 'C', 'D'] as const satisfies EvidenceGrade[];

/** Whether the first carries less than the second. */
export function isWeakerGrade(one: EvidenceGrade | null, other: EvidenceGrade | null): boolean {
  return evidenceGrades.indexOf(one ?? 'D') > evidenceGrades.indexOf(other ?? 'D');
}
