import { timingSafeEqual } from 'node:crypto';
import { type Keys, macText } from '#src/secrets/keys.ts';

/**
 * The signed content of a manage or unsubscribe link.
 *
 * Links are not stored, so an unsubscribe link in a ten-year-old mail still works, even after the person was erased.
 * Incrementing `contact_points.link_generation` revokes all earlier manage links.
 */
export type SignedLink =
  | {
      use: 'manage';
      contactPointId: string;
      generation: number;
      /** When it was mailed. Null for a link given to a program, which is never fresh. */
      mailedAt: string | null;
    }
  | { use: 'unsubscribe'; contactPointId: string; generation: number; purposeId: string | null };

/** A mailed manage link shows personal data for this long; later only states and masked addresses. */
export const freshHours = 24;

// The first byte of a link. `manageOfAnyKind` is an old kind for both mails and programs. Such links are still in use
// and count as given to a program.
const kinds = { manageOfAnyKind: 1, unsubscribe: 2, manageMailed: 3, manageForPrograms: 4 };

/** For a mail to the person. `at`: when it is sent, rounded down to seconds. */
export function manageLink(keys: Keys, contactPointId: string, generation: number, at: Date): string {
  const body = sharedBuffer(25);
  body.writeUInt8(kinds.manageMailed, 0);
  body.writeUInt32BE(Math.floor(at.getTime() / 1000), 1);
  writeUuid(body, contactPointId, 5);
  body.writeUInt32BE(generation, 21);
  return signed(keys, body);
}

/** For a system that sends mails for the company. Never fresh, so it shows no more than an old link. */
export function programManageLink(keys: Keys, contactPointId: string, generation: number): string {
  const body = sharedBuffer(21);
  body.writeUInt8(kinds.manageForPrograms, 0);
  writeUuid(body, contactPointId, 1);
  body.writeUInt32BE(generation, 17);
  return signed(keys, body);
}

/** Without a purpose the link withdraws everything for this address. */
export function unsubscribeLink(
  keys: Keys,
  contactPointId: string,
  generation: number,
  purposeId: string | null = null,
): string {
  const body = sharedBuffer(purposeId ? 37 : 21);
  body.writeUInt8(kinds.unsubscribe, 0);
  writeUuid(body, contactPointId, 1);
  body.writeUInt32BE(generation, 17);
  if (purposeId) writeUuid(body, purposeId, 21);
  return signed(keys, body);
}

/** `undefined` if this instance did not sign the link. Does not check whether it was revoked. */
export function readSignedLink(keys: Keys, link: string): SignedLink | undefined {
  const body = verified(keys, link);
  const kind = body?.[0];
  if (body?.length === 25 && (kind === kinds.manageMailed || kind === kinds.manageOfAnyKind)) {
    const mailed = kind === kinds.manageMailed;
    return {
      use: 'manage',
      mailedAt: mailed ? new Date(body.readUInt32BE(1) * 1000).toISOString() : null,
      contactPointId: uuidText(body.subarray(5, 21)),
      generation: body.readUInt32BE(21),
    };
  }
  if (body?.length === 21 && kind === kinds.manageForPrograms) {
    return {
      use: 'manage',
      mailedAt: null,
      contactPointId: uuidText(body.subarray(1, 17)),
      generation: body.readUInt32BE(17),
    };
  }
  if (body && kind === kinds.unsubscribe && (body.length === 21 || body.length === 37)) {
    return {
      use: 'unsubscribe',
      contactPointId: uuidText(body.subarray(1, 17)),
      generation: body.readUInt32BE(17),
      purposeId: body.length === 37 ? uuidText(body.subarray(21, 37)) : null,
    };
  }
  return undefined;
}

const signatureLength = 16;

/** A shared buffer for a body of this length and its signature. Safe, because links are built synchronously. */
function sharedBuffer(length: number): Buffer {
  const buffer = buffers.get(length) ?? Buffer.alloc(length + signatureLength);
  buffers.set(length, buffer);
  return buffer;
}

const buffers = new Map<number, Buffer>();

function signed(keys: Keys, buffer: Buffer): string {
  const length = buffer.length - signatureLength;
  buffer.write(signature(keys, buffer, length), length, 'binary');
  return buffer.toString('base64url');
}

function verified(keys: Keys, link: string): Buffer | undefined {
  if (!/^[\w-]{40,100}$/.test(link)) return undefined;
  const bytes = Buffer.from(link, 'base64url');
  // base64url has several spellings for its last bits; only the canonical one is accepted.
  if (bytes.toString('base64url') !== link) return undefined;
  const length = bytes.length - signatureLength;
  const right = Buffer.from(signature(keys, bytes, length), 'binary');
  return timingSafeEqual(bytes.subarray(length), right) ? bytes.subarray(0, length) : undefined;
}

/** Of the first `length` bytes, as a binary string. */
function signature(keys: Keys, bytes: Buffer, length: number): string {
  return macText(keys.link, 'binary', bytes.toString('base64url', 0, length)).slice(0, signatureLength);
}

// Digit by digit: a file with a million addresses writes 1.4 million ids, and removing the dashes first is ten times slower.
function writeUuid(into: Buffer, id: string, offset: number): void {
  let at = offset;
  for (let place = 0; place < id.length; place += 2) {
    if (id.charCodeAt(place) === dash) place += 1;
    into[at] = (hexDigit(id, place) << 4) | hexDigit(id, place + 1);
    at += 1;
  }
}

const dash = 0x2d;

function hexDigit(text: string, place: number): number {
  const code = text.charCodeAt(place);
  return code <= 0x39 ? code & 0xf : (code & 0xf) + 9;
}

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
