import type { EvidenceGrade } from '#db/schema.ts';
import type { PermissionFacts } from './facts.ts';
import type { Denial, Policy, Row } from './rule-table.ts';

export type Proof =
  | { ok: true; status: 'allow' | 'conditional'; as?: 'presumed' }
  | { ok: false; denial: Denial; missing: string[] };

/** Whether the evidence behind a consent carries it on this channel, toward this audience. */
export function provenBy(row: Row, permission: PermissionFacts, policy: Policy): Proof {
  const missing = [...permission.missingEvidence, ...(row.record7a ? permission.missing7a : [])];
  const grade = gradeThatCounts(permission);
  const proof = row.proofs.find((one) => reaches(grade, one.grade) && (!one.policy || policy[one.policy]));
  if (proof && missing.length === 0) return { ok: true, status: proof.status, as: proof.as };
  if (proof) return { ok: false, denial: 'evidence_incomplete', missing };
  if (onlyElsewhere(permission)) return { ok: false, denial: 'channel_not_verified', missing };
  return { ok: false, denial: row.unproven[grade] ?? 'evidence_incomplete', missing };
}

/** A click in a mailbox is no proof for a number, whatever grade it has for the mailbox. */
function gradeThatCounts(permission: PermissionFacts): EvidenceGrade {
  return onlyElsewhere(permission) ? 'D' : (permission.evidenceGrade ?? 'D');
}

function onlyElsewhere({ evidenceGrade, channelVerified, confirmedElsewhereOnly }: PermissionFacts): boolean {
  // Grade A is for who acted through the channel itself; unverified it must come from another one.
  return !channelVerified && (confirmedElsewhereOnly || evidenceGrade === 'A');
}

function reaches(grade: EvidenceGrade, minimum: EvidenceGrade | 'none'): boolean {
  return minimum === 'none' || grade <= minimum;
}
