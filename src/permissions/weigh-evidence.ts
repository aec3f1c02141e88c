import type { EvidenceGrade } from '#db/schema/vocabulary.ts';
import type { Capture, CaptureMethod } from './capture.ts';

/** The other system only has a request that the person never confirmed. */
export function isOpenElsewhere({ method, evidence }: Capture): boolean {
  return method === 'import' && evidence.state === 'pending';
}

/** When the owner of the mailbox confirmed, according to another system. */
export function claimedAt(capture: Capture): string | null {
  const { evidence, channel } = capture;
  return weigh(capture).grade === 'claimed' && channel === 'email' ? String(evidence.confirmed_at) : null;
}

interface EvidenceWeight {
  grade: EvidenceGrade | null;
  /** The owner of the address confirmed it. */
  verified: boolean;
  /** Evidence that can still be added. */
  missing: string[];
  /** What § 7a UWG also requires for calls. */
  missing7a: string[];
}

/** Grades the evidence of a capture and lists what is missing. */
export function weigh(capture: Capture): EvidenceWeight {
  const { basis, method, evidence, channel } = capture;
  if (basis !== 'consent' || !method) return { grade: null, verified: false, missing: [], missing7a: [] };
  const missing = (requiredEvidence[method] ?? []).filter((name) => evidence[name] === undefined);
  if (method === 'import' && evidence.proof_ref === undefined) {
    return { grade: 'D', verified: false, missing: ['proof_ref'], missing7a: [] };
  }
  if (isOpenElsewhere(capture)) {
    return { grade: 'B', verified: false, missing: ['confirmed_at'], missing7a: [] };
  }
  const confirmed = method === 'import' && channel === 'email' && evidence.confirmed_at !== undefined;
  return {
    // Only another system says that it was confirmed.
    grade: confirmed ? 'claimed' : grades[method],
    verified: confirmed,
    missing,
    missing7a: channel === 'phone' ? missing7a(capture) : [],
  };
}

const requiredEvidence: Partial<Record<CaptureMethod, string[]>> = {
  paper: ['signed_at', 'place', 'scan_sha256'],
  postcard: ['signed_at', 'place', 'scan_sha256'],
  fax: ['signed_at', 'place', 'scan_sha256'],
  in_person: ['signed_at', 'place', 'scan_sha256'],
  phone_recorded: ['number', 'recording_ref', 'recording_sha256'],
  phone_oral: ['number', 'place'],
  dtmf: ['number', 'ivr_script', 'call_log_ref', 'keys'],
};

const grades: Record<CaptureMethod, EvidenceGrade> = {
  paper: 'B',
  postcard: 'B',
  fax: 'B',
  in_person: 'B',
  phone_recorded: 'B',
  phone_oral: 'C',
  dtmf: 'B',
  import: 'B',
};

/** § 7a UWG as interpreted by the Bundesnetzagentur: the consenting person's name and postal address. */
function missing7a({ person, method }: Capture): string[] {
  const named = person.given_name && person.family_name;
  const placed = person.street && person.postal_code && person.city;
  return [
    ...(named ? [] : ['person.name']),
    ...(placed ? [] : ['person.address']),
    ...(method === 'phone_oral' ? ['recording_ref'] : []),
  ];
}
