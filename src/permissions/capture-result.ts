import type { PermissionTable } from '#db/schema/permissions.ts';
import type { EvidenceGrade, PermissionState } from '#db/schema/vocabulary.ts';
import type { CaptureFault } from './capture-faults.ts';
import type { NotifiedBy } from './notify-person.ts';

export type CaptureResult = { outcome: 'refused'; faults: CaptureFault[] } | Captured;

interface Captured {
  outcome: 'captured';
  permissionId: string;
  state: PermissionState;
  grade: EvidenceGrade | null;
  /** Evidence that can still be added. */
  missing: string[];
  /** How the person learns of it. */
  notifiedBy: NotifiedBy;
  /** The same capture with the same evidence exists already: nothing was written. */
  unchanged?: true;
}

export function captured(
  permission: PermissionTable | undefined,
  missing: string[],
  notifiedBy: NotifiedBy,
  grade = permission?.evidence_grade ?? null,
): Captured {
  return {
    outcome: 'captured',
    permissionId: permission?.id ?? '',
    state: permission?.state ?? 'none',
    grade,
    missing,
    notifiedBy,
  };
}
