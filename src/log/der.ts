/** Reads DER (X.690) with nothing but bytes: the same code runs in the server, in a browser and in the verifier of a dossier. */

/** One value: its tag, its content, and all of its bytes. */
export interface Der {
  tag: number;
  content: Uint8Array<ArrayBuffer>;
  whole: Uint8Array<ArrayBuffer>;
}

export const tags = {
  integer: 0x02,
  octets: 0x04,
  oid: 0x06,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
  /** Of the context, constructed. */
  zero: 0xa0,
} as const;

/** Throws an Error with one sentence for bytes that are no DER. */
export function readDer(bytes: Uint8Array<ArrayBuffer>): Der {
  const [first, ...rest] = readAll(bytes);
  if (!first || rest.length > 0) throw new Error('This is not one value in DER.');
  return first;
}

/** The values inside one. */
export function inside({ content }: Der): Der[] {
  return readAll(content);
}

/** The content of the first value with this tag. Throws an Error when there is none. */
export function required(values: (Der | undefined)[], tag: number): Der {
  const found = values.find((value) => value?.tag === tag);
  if (!found) throw new Error('A part is missing.');
  return found;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function readAll(bytes: Uint8Array<ArrayBuffer>): Der[] {
  const values: Der[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { start, end } = bounds(bytes, at);
    values.push({ tag: bytes[at] ?? 0, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return values;
}

function bounds(bytes: Uint8Array, at: number): { start: number; end: number } {
  const first = bytes[at + 1] ?? 0x80;
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  if (((bytes[at] ?? 0) & 0x1f) === 0x1f || first === 0x80 || lengthBytes > 4)
    throw new Error('This is no DER.');
  let length = first;
  if (lengthBytes > 0) {
    length = 0;
    for (let index = 0; index < lengthBytes; index++) length = length * 256 + (bytes[at + 2 + index] ?? 0);
  }
  const start = at + 2 + lengthBytes;
  if (start + length > bytes.length) throw new Error('It ends too early.');
  return { start, end: start + length };
}
