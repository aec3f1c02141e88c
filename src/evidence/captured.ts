import { isBefore } from '#src/consent-texts/text-times.ts';
import type { EvidenceContent } from './record-evidence.ts';

/** Fields of the evidence of a capture. */
export interface Captured {
  /** When it was recorded. */
  at: string;
  audience: 'consumer' | 'business';
  /** The SHA-256 of the scan or recording that it names. */
  file: string | null;
  confirmedBeforeAsked: boolean;
}

/** `undefined` if the evidence is not about a capture. */
export function readCaptured({ action, at, typed = {} }: EvidenceContent): Captured | undefined {
  if (action !== 'capture') return undefined;
  const text = (name: string) => (typeof typed[name] === 'string' ? typed[name] : undefined);
  const file = text('evidence.scan_sha256') ?? text('evidence.recording_sha256');
  const [requested, confirmed] = [text('captured_at'), text('evidence.confirmed_at')];
  return {
    at,
    audience: text('audience') === 'business' ? 'business' : 'consumer',
    file: file?.toLowerCase() ?? null,
    confirmedBeforeAsked:
      requested !== undefined && confirmed !== undefined && isBefore(confirmed, requested),
  };
}
