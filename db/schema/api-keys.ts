import type { Generated } from 'kysely';

/** A key of the API. The key itself is shown once and kept nowhere. */
export interface ApiKeyTable {
  id: string;
  name: string;
  /** SHA-256 of the key, hex. */
  key_hash: string;
  last_four: string;
  /** Separated by spaces. */
  scopes: string;
  created_at: string;
  revoked_at: string | null;
  /** To within some minutes. */
  last_used_at: Generated<string | null>;
  /** The member of staff who made it. Null: it was made on the machine itself, by the command line. */
  made_by: Generated<string | null>;
  /** The second person, where its scopes need two people. */
  approved_by: Generated<string | null>;
  /** Null: nobody can use it before a second person has approved it. */
  works_since: Generated<string | null>;
}

/** The answer to a write that was sent with an `Idempotency-Key`, kept so that sending it again changes nothing. */
export interface IdempotencyKeyTable {
  /** Of API key, address and `Idempotency-Key`. */
  key_hash: string;
  request_hash: string;
  status: number;
  /** Encrypted with the wrapping key: an answer may name addresses, and nobody's own key covers it. */
  body_enc: string;
  expires_at: string;
}
