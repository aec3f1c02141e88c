import type { KeyObject } from 'node:crypto';
import type { EvidenceTable } from '#db/schema/evidence.ts';
import { declareInsert, type WriteTarget } from '#db/writes.ts';
import { newId } from '#src/ids/new-id.ts';
import type { EvidenceRef } from '#src/ledger/append.ts';
import { commitmentOf, saltedJson } from '#src/ledger/commitment.ts';
import { encryptText } from '#src/people/encryption.ts';

/** Evidence for events: what a court may ask for, but the ledger must not contain. */
export interface EvidenceContent {
  act: EvidenceTable['kind'];
  at: string;
  /** The exact texts that were shown or agreed to. */
  consents: { value: string; text_version: string; wording: string; sha256: string; contact_point: string }[];
  form?: { key: string; version: number; version_id: string; sha256: string; notice: string };
  locale: string;
  source?: string | null;
  page_url?: string | null;
  /** All submitted fields. */
  typed?: Record<string, string | string[]>;
  /** The button or control that was used. */
  action?: string;
  /** Browser family and network only; a hint, not a proof of identity. */
  client?: { user_agent: string | null; network: string | null };
}

/** Stores the evidence, encrypted with the person's key, and returns what the ledger needs to commit to it. */
export async function recordEvidence(
  to: WriteTarget,
  person: { id: string; key: KeyObject },
  content: EvidenceContent,
): Promise<EvidenceRef> {
  const salted = saltedJson(content);
  const row: EvidenceTable = {
    id: newId(),
    person_id: person.id,
    kind: content.act,
    content_enc: encryptText(person.key, salted),
    commitment: commitmentOf(salted),
    created_at: content.at,
  };
  await insertEvidence(to, [row]);
  return { id: row.id, commitment: row.commitment };
}

export const insertEvidence = declareInsert('evidence', [
  'id',
  'person_id',
  'kind',
  'content_enc',
  'commitment',
  'created_at',
]);
