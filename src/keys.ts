import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** One key a purpose, each derived from APP_SECRET, so that none can stand in for another. */
export interface Keys {
  /** Wraps the data keys of people. */
  wrapping: KeyObject;
  /** Finds contact points without knowing them. */
  lookup: KeyObject;
  confirmToken: KeyObject;
  confirmCode: KeyObject;
  /** Signs manage and unsubscribe links. */
  link: KeyObject;
  /** Encrypts the handles of the sent page. */
  sentHandle: KeyObject;
  rateLimit: KeyObject;
  /** Signs the challenges of the proof of work. */
  proofOfWork: KeyObject;
  /** The seed of the Ed25519 key that signs receipts. */
  signing: KeyObject;
  /** Encrypts the second factors of staff. */
  staffSecret: KeyObject;
  recoveryCode: KeyObject;
  /** Signs the cursors of the API. */
  cursor: KeyObject;
}

export function deriveKeys(appSecret: string): Keys {
  // KeyObjects, not buffers: an HMAC with a ready key is six times as fast.
  const derive = (use: string) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', appSecret, 'jawort', `jawort/${use}/1`, 32)));
  return {
    wrapping: derive('wrapping'),
    lookup: derive('lookup'),
    confirmToken: derive('confirm-token'),
    confirmCode: derive('confirm-code'),
    link: derive('link'),
    sentHandle: derive('sent-handle'),
    rateLimit: derive('rate-limit'),
    proofOfWork: derive('proof-of-work'),
    signing: derive('signing'),
    staffSecret: derive('staff-secret'),
    recoveryCode: derive('recovery-code'),
    cursor: derive('cursor'),
  };
}

export function mac(key: KeyObject, ...parts: string[]): Buffer {
  // A length before each part: ("ab", "c") and ("a", "bc") must not meet.
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:${part}`);
  return hmac.digest();
}
