/** One row: which APP_SECRET everything here was encrypted and hashed with. */
export interface SecretCheckTable {
  id: number;
  /** An HMAC with a key derived from APP_SECRET. */
  value: string;
  created_at: string;
}
