import { timingSafeEqual } from 'node:crypto';
import { type Keys, macText } from '#src/secrets/keys.ts';

/**
 * Manage and unsubscribe links: what they may do and for whom, signed.
 *
 * Nothing is stored for a link, so an unsubscribe link in a mail of ten years ago still works, even for
 * someone erased since. Raising `contact_points.link_generation` revokes all links given out before.
 */
export type SignedLink =
  | {
      use: 'manage';
      contactPointId: string;
      generation: number;
      /** When it was mailed to the person. Null for a link that a program was given: it is never fresh. */
      mailedAt: string | null;
    }
  | { use: 'unsubscribe'; contactPointId: string; generation: number; purposeId: string | null };

/** A mailed manage link shows everything for this long; afterwards states only, with addresses masked. */
export const freshHours = 24;

// The first byte of a link. The first kind was made for mails and for programs alike until both got a kind of their own:
// such links are still out there, and count as given to a program.
const kinds = { manageOfAnyKind: 1, unsubscribe: 2, manageMailed: 3, manageForPrograms: 4 };

/** For a mail to the person. `at` is when it is sent, in whole seconds. */
export function manageLink(keys: Keys, contactPointId: string, generation: number, at: Date): string {
  const body = roomFor(25);
  body.writeUInt8(kinds.manageMailed, 0);
  body.writeUInt32BE(Math.floor(at.getTime() / 1000), 1);
  writeUuid(body, contactPointId, 5);
  body.writeUInt32BE(generation, 21);
  return signed(keys, body);
}

/** For whoever sends mails for the company. It shows no more than an old link: what a key may read is up to its scopes. */
export function programManageLink(keys: Keys, contactPointId: string, generation: number): string {
  const body = roomFor(21);
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
  const body = roomFor(purposeId ? 37 : 21);
  body.writeUInt8(kinds.unsubscribe, 0);
  writeUuid(body, contactPointId, 1);
  body.writeUInt32BE(generation, 17);
  if (purposeId) writeUuid(body, purposeId, 21);
  return signed(keys, body);
}

/** `undefined` for anything that this instance did not sign. Whether it was revoked is the caller's question. */
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

/** A body of this length, with room for its signature after it. Signing is done before the next link begins. */
function roomFor(length: number): Buffer {
  const room = rooms.get(length) ?? Buffer.alloc(length + signatureLength);
  rooms.set(length, room);
  return room;
}

const rooms = new Map<number, Buffer>();

function signed(keys: Keys, room: Buffer): string {
  const length = room.length - signatureLength;
  room.write(signature(keys, room, length), length, 'binary');
  return room.toString('base64url');
}

function verified(keys: Keys, link: string): Buffer | undefined {
  if (!/^[\w-]{40,100}$/.test(link)) return undefined;
  const bytes = Buffer.from(link, 'base64url');
  // base64url has several spellings for its last bits; only the one we print counts.
  if (bytes.toString('base64url') !== link) return undefined;
  const length = bytes.length - signatureLength;
  const right = Buffer.from(signature(keys, bytes, length), 'binary');
  return timingSafeEqual(bytes.subarray(length), right) ? bytes.subarray(0, length) : undefined;
}

/** Over the first bytes; a character a byte. */
function signature(keys: Keys, bytes: Buffer, length: number): string {
  return macText(keys.link, 'binary', bytes.toString('base64url', 0, length)).slice(0, signatureLength);
}

// Digit by digit: a file of a million addresses writes 1.4 million of them, and taking out the dashes costs ten times as much.
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
