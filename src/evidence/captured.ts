import { isBefore } from '#src/consent-texts/text-times.ts';
import type { EvidenceContent } from './record-evidence.ts';

/** What the evidence of a capture says about itself. */
export interface Captured {
  /** When it was recorded. */
  at: string;
  audience: 'consumer' | 'business';
  /** The SHA-256 of the scan or recording that it names. */
  file: string | null;
  confirmedBeforeAsked: boolean;
}

/** `undefined` for evidence of something else. */
export function readCaptured({ action, at, typed = {} }: EvidenceContent): Captured | undefined {
  if (action !== 'capture') return undefined;
  const text = (name: string) => (typeof typed[name] === 'string' ? typed[name] : undefined);
  const file = text('evidence.scan_sha256') ?? text('evidence.recording_sha256');
  const [said, confirmed] = [text('captured_at'), text('evidence.confirmed_at')];
  return {
    at,
    audience: text('audience') === 'business' ? 'business' : 'consumer',
    file: file?.toLowerCase() ?? null,
    confirmedBeforeAsked: said !== undefined && confirmed !== undefined && isBefore(confirmed, said),
  };
}
