/** Ed25519 keys that sign receipts. Of those without `retired_at`, the newest signs. */
export interface ReceiptKeyTable {
  /** The thumbprint of the public key (RFC 7638), base64url. */
  kid: string;
  /** The public key: the 32 bytes of RFC 8032 as base64url, which is `x` of its JWK (RFC 8037). */
  public_x: string;
  /** PKCS #8, encrypted with a key that is derived from APP_SECRET. Null once it is retired. */
  private_enc: string | null;
  made_at: string;
  retired_at: string | null;
}
