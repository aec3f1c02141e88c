import { createHmac, createSecretKey, hash, hkdfSync, type KeyObject } from 'node:crypto';

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
  /** Signs the passes of kiosks. */
  kiosk: KeyObject;
  /** Signs the challenges of the proof of work. */
  proofOfWork: KeyObject;
  /** Encrypts the private keys that sign receipts. */
  receiptKey: KeyObject;
  /** Encrypts the second factors of staff. */
  staffSecret: KeyObject;
  recoveryCode: KeyObject;
  /** Signs the cookies that make a browser known to an account of staff. */
  staffBrowser: KeyObject;
  /** Tells one APP_SECRET from another. */
  secretCheck: KeyObject;
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
    kiosk: derive('kiosk'),
    proofOfWork: derive('proof-of-work'),
    receiptKey: derive('receipt-key'),
    staffSecret: derive('staff-secret'),
    recoveryCode: derive('recovery-code'),
    staffBrowser: derive('staff-browser'),
    secretCheck: derive('secret-check'),
    cursor: derive('cursor'),
  };
}

export function mac(key: KeyObject, ...parts: string[]): Buffer {
  return createHmac('sha256', key).update(framed(parts)).digest();
}

/**
 * The same HMAC as text, in less than half the time: two hashes in one call each cost less than one HMAC
 * object. A file of a million addresses takes three million of them.
 */
export function macText(key: KeyObject, encoding: 'base64url' | 'binary', ...parts: string[]): string {
  const text = framed(parts);
  if (text.length > longestText) return mac(key, ...parts).toString(encoding);
  const { inner, outer, views } = padsOf(key);
  const end = blockSize + inner.write(text, blockSize);
  const view = views[end] ?? inner.subarray(0, end);
  views[end] = view;
  outer.write(hash('sha256', view, 'binary'), blockSize, 'binary');
  return hash('sha256', outer, encoding);
}

/** A length before each part: ("ab", "c") and ("a", "bc") must not meet. */
function framed(parts: string[]): string {
  let text = '';
  for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`;
  return text;
}

const blockSize = 64;
const longestText = 1000;

/** RFC 2104: the key as it stands before the inner and the outer hash, with room for what follows it. */
interface Pads {
  inner: Buffer;
  outer: Buffer;
  /** The beginning of `inner` up to each end that was needed so far: most texts are of one of few lengths. */
  views: (Buffer | undefined)[];
}

const pads = new WeakMap<KeyObject, Pads>();

function padsOf(key: KeyObject): Pads {
  const known = pads.get(key);
  if (known) return known;
  const inner = Buffer.alloc(blockSize + longestText * 3, 0x36);
  const outer = Buffer.alloc(blockSize + 32, 0x5c);
  for (const [index, byte] of key.export().entries()) {
    inner.writeUInt8(byte ^ 0x36, index);
    outer.writeUInt8(byte ^ 0x5c, index);
  }
  const made: Pads = { inner, outer, views: new Array(inner.length + 1) };
  pads.set(key, made);
  return made;
}
