import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import type { Keys } from '#src/secrets/keys.ts';
import { receiptKeys } from './receipt-keys.ts';

export type ReceiptVerdict = 'genuine' | 'changed' | 'unknown_key' | 'unreadable';

/** Judges the JSON text of a receipt. `unknown_key`: it is as it was signed, but by another instance. */
export function verifyReceipt(keys: Keys, text: string): ReceiptVerdict {
  const { data: receipt } = receiptSchema.safeParse(parse(text));
  if (!receipt) return 'unreadable';
  const { signature, ...content } = receipt;
  if (!isSignedBy(signature.public_key, JSON.stringify(content), signature.value)) return 'changed';
  return signature.public_key === receiptKeys(keys.signing).publicKey ? 'genuine' : 'unknown_key';
}

const receiptSchema = z.looseObject({
  type: z.literal('jawort/receipt/1'),
  signature: z.object({ algorithm: z.literal('Ed25519'), public_key: z.string(), value: z.string() }),
});

function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
