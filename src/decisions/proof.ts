import type { EvidenceGrade } from '#db/schema/vocabulary.ts';
import { isWeakerGrade } from '#src/ledger/grades.ts';
import type { PermissionFacts } from './facts.ts';
import type { Denial, Policy, Row } from './rule-table.ts';

/** What the evidence of a consent is judged by. */
type Evidence = Pick<
  PermissionFacts,
  'evidenceGrade' | 'channelVerified' | 'confirmedElsewhereOnly' | 'missingEvidence' | 'missing7a'
>;

export type Proof =
  | { ok: true; status: 'allow' | 'conditional'; as?: 'presumed' }
  | { ok: false; denial: Denial; missing: string[] };

/** Whether the evidence behind a consent carries it on this channel, for this audience. */
export function provenBy(row: Row, permission: Evidence, policy: Policy, acceptsClaimed: boolean): Proof {
  const missing = [...permission.missingEvidence, ...(row.record7a ? permission.missing7a : [])];
  const grade = effectiveGrade(permission, acceptsClaimed);
  const proof = row.proofs.find((one) => reaches(grade, one.grade) && (!one.policy || policy[one.policy]));
  if (proof && missing.length === 0) return { ok: true, status: proof.status, as: proof.as };
  if (proof) return { ok: false, denial: 'evidence_incomplete', missing };
  if (isConfirmedElsewhereOnly(permission)) return { ok: false, denial: 'channel_not_verified', missing };
  return {
    ok: false,
    denial: row.unproven[grade === 'claimed' ? 'A' : grade] ?? 'evidence_incomplete',
    missing,
  };
}

/**
 * A click in a mailbox proves nothing about a telephone number, whatever its grade for the mailbox. A confirmation that
 * another system claims counts as grade A when the controller accepts claims, otherwise as grade B.
 */
function effectiveGrade(permission: Evidence, acceptsClaimed: boolean): EvidenceGrade {
  if (isConfirmedElsewhereOnly(permission)) return 'D';
  const grade = permission.evidenceGrade ?? 'D';
  if (grade !== 'claimed') return grade;
  return acceptsClaimed ? 'A' : 'B';
}

function isConfirmedElsewhereOnly({
  evidenceGrade,
  channelVerified,
  confirmedElsewhereOnly,
}: Evidence): boolean {
  // Grade A without a verified channel was earned on another channel.
  return !channelVerified && (confirmedElsewhereOnly || evidenceGrade === 'A');
}

function reaches(grade: EvidenceGrade, minimum: EvidenceGrade | 'none'): boolean {
  return minimum === 'none' || !isWeakerGrade(grade, minimum);
}
