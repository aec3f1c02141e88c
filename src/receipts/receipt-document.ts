import { randomUUID } from 'node:crypto';
import type { LogEvidence } from '#src/verifier/log-evidence.ts';
import { context, isConsent, receiptProfile } from './dpv-terms.ts';
import type { ReceiptFacts } from './receipt-facts.ts';
import { recordOf } from './record.ts';

/** ISO/IEC TS 27560 in DPV: one receipt for one record. */
export function receiptDocument(
  facts: ReceiptFacts,
  { issuer, issuedAt, log }: { issuer: string; issuedAt: string; log: LogEvidence | null },
): Record<string, unknown> {
  const id = randomUUID();
  return {
    '@context': context,
    '@id': `urn:uuid:${id}`,
    '@type': isConsent(facts) ? 'dpv:ConsentReceipt' : 'dpv:DataProcessingRecord',
    'dct:conformsTo': receiptProfile,
    'dct:identifier': id,
    'dpv:hasIdentifier': id,
    'dct:created': issuedAt,
    'dct:language': facts.locale,
    'dct:publisher': issuer,
    'dct:audience': `urn:uuid:${facts.personId}`,
    'dpv:hasRecordOfActivity': recordOf(facts, issuer),
    log,
  };
}
