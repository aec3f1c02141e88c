import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { Db, Tx } from '#db/connect.ts';
import { passGate } from '#db/locks.ts';
import type { App } from '#src/app/app.ts';
import { decryptText, encryptText } from '#src/people/encryption.ts';
import type { PublicKey } from '#src/verifier/jws.ts';

export interface ReceiptKey {
  kid: string;
  privateKey: KeyObject;
}

type Opened = Pick<App, 'db' | 'keys' | 'now'>;

/** The key that signs receipts now. The first one is made when it is asked for. */
export async function currentReceiptKey(app: Opened): Promise<ReceiptKey> {
  return (await findCurrentKey(app, app.db)) ?? inTurn(app, async (tx) => findCurrentKey(app, tx));
}

/**
 * Makes a new key and retires all others: their public part stays listed with the time that they were valid, and the private
 * part is deleted. Returns the new and the former thumbprints.
 */
export async function rotateReceiptKey(app: Opened): Promise<{ kid: string; retired: string[] }> {
  return app.db.transaction().execute(async (tx) => {
    await passGate(tx, receiptKeyGate);
    const at = app.now().toISOString();
    const retired = await tx
      .updateTable('receipt_keys')
      .set({ retired_at: at, private_enc: null })
      .where('retired_at', 'is', null)
      .returning('kid')
      .execute();
    const { kid } = await makeKey(app, tx);
    return { kid, retired: retired.map((row) => row.kid) };
  });
}

/**
 * Every key that ever signed receipts here, the one in use first (RFC 7517, RFC 8037). `iat`: since when it signs, `exp`: when
 * it was retired, in seconds, as in the historical keys of OpenID Federation 1.0.
 */
export async function receiptKeySet(db: Db): Promise<{ keys: PublicKey[] }> {
  const rows = await db
    .selectFrom('receipt_keys')
    .select(['kid', 'public_x', 'made_at', 'retired_at'])
    .orderBy('made_at', 'desc')
    .execute();
  const inUseFirst = rows.sort((a, b) => Number(a.retired_at !== null) - Number(b.retired_at !== null));
  return {
    keys: inUseFirst.map(({ kid, public_x, made_at, retired_at }) => ({
      ...publicJwk(public_x),
      kid,
      use: 'sig',
      alg: 'EdDSA',
      iat: seconds(made_at),
      ...(retired_at && { exp: seconds(retired_at) }),
    })),
  };
}

/** Held by whoever makes or retires a key. */
const receiptKeyGate = 4_711_003;

/** Of two processes that need the first key at once, one makes it. */
async function inTurn(app: Opened, find: (tx: Tx) => Promise<ReceiptKey | undefined>): Promise<ReceiptKey> {
  return app.db.transaction().execute(async (tx) => {
    await passGate(tx, receiptKeyGate);
    return (await find(tx)) ?? makeKey(app, tx);
  });
}

async function findCurrentKey({ keys }: Opened, db: Db | Tx): Promise<ReceiptKey | undefined> {
  const row = await db
    .selectFrom('receipt_keys')
    .select(['kid', 'private_enc'])
    .where('retired_at', 'is', null)
    .orderBy('made_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row?.private_enc) return undefined;
  const der = Buffer.from(decryptText(keys.receiptKey, row.private_enc), 'base64');
  return { kid: row.kid, privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) };
}

async function makeKey({ keys, now }: Opened, tx: Tx): Promise<ReceiptKey> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const x = publicKey.export({ format: 'jwk' }).x ?? '';
  const kid = await calculateJwkThumbprint(publicJwk(x));
  const der = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  await tx
    .insertInto('receipt_keys')
    .values({
      kid,
      public_x: x,
      private_enc: encryptText(keys.receiptKey, der),
      made_at: now().toISOString(),
      retired_at: null,
    })
    .execute();
  return { kid, privateKey };
}

function publicJwk(x: string) {
  return { kty: 'OKP', crv: 'Ed25519', x };
}

function seconds(iso: string): number {
  return Math.floor(Date.parse(iso) / 1000);
}
