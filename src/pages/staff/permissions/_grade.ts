import type { Translate } from '#src/i18n/translate.ts';
import type { DeskPermissionEvent } from '#src/permissions/look-up-events.ts';

/** What the evidence is worth; of what another system claims, by its name. */
export function gradeText(
  { grade, noted }: Pick<DeskPermissionEvent, 'grade' | 'noted'>,
  t: Translate,
): string {
  const source = noted.find(([name]) => name === 'source')?.[1];
  // Older imports were rated as if the confirmation had been seen here.
  const claimed = grade === 'claimed' || (grade === 'A' && noted.some(([, value]) => value === 'import'));
  if (claimed && source) return t('desk.grade.claimed_by', { source });
  return grade ? t(`desk.grade.${claimed ? 'claimed' : grade}`) : '';
}
