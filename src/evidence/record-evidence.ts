import type { KeyObject } from 'node:crypto';
import type { Tx } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import type { EvidenceTable } from '#db/schema.ts';
import { newId } from '#src/ids/new-id.ts';
import type { EvidenceRef } from '#src/ledger/append.ts';
import { commitmentOf } from '#src/ledger/commitment.ts';
import { encryptText } from '#src/people/encryption.ts';
import { drawBytes } from '#src/secrets/random-bytes.ts';

/** What an act leaves behind besides its events. Everything that a court may ask for and a ledger must not hold. */
export interface EvidenceContent {
  act: EvidenceTable['kind'];
  at: string;
  /** Exactly the words that were asked or answered, with where they stood. */
  consents: { value: string; text_version: string; wording: string; sha256: string; contact_point: string }[];
  form?: { key: string; version: number; version_id: string; sha256: string; notice: string };
  locale: string;
  source?: string | null;
  page_url?: string | null;
  /** Each field and control as the person sent it. */
  typed?: Record<string, string | string[]>;
  /** The button that was pressed, or the control that was changed. */
  action?: string;
  /** Browser family only, and the address cut to its network; they are hints, not proof of a person. */
  client?: { user_agent: string | null; network: string | null };
}

/** Stores the evidence under the person's key and returns what the ledger needs to commit to it. */
export async function recordEvidence(
  tx: Tx,
  person: { id: string; key: KeyObject },
  content: EvidenceContent,
): Promise<EvidenceRef> {
  const salted = saltedEvidence(content);
  const row: EvidenceTable = {
    id: newId(),
    person_id: person.id,
    kind: content.act,
    content_enc: encryptText(person.key, salted),
    commitment: commitmentOf(salted),
    created_at: content.at,
  };
  await insertEvidence(tx, [row]);
  return { id: row.id, commitment: row.commitment };
}

const insertEvidence = insertRows('evidence');

function saltedEvidence(content: EvidenceContent): string {
  return JSON.stringify({ salt: drawBytes(16).toString('base64url'), ...content });
}
