import { generateKeyPairSync } from 'node:crypto';
import { CompactSign, calculateJwkThumbprint, compactVerify, importJWK } from 'jose';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLog } from '#src/log/verify-log.ts';
import { currentReceiptKey, receiptKeySet, rotateReceiptKey } from '#src/receipts/receipt-keys.ts';
import { sealedJson, sealReceipt } from '#src/receipts/seal-receipt.ts';
import { type ReceiptReport, verifyReceipt } from '#src/verifier/receipt.ts';
import { databases } from '#tests/support/databases.ts';
import { anna, openReceiptTest, type ReceiptTest } from '#tests/support/receipts.ts';

const forms = ['jws', 'json', 'pdf'] as const;

describe.each(databases)('verifyReceipt on %s', (name) => {
  let test: ReceiptTest;
  beforeEach(async () => {
    test = await openReceiptTest(name);
  });
  afterEach(() => test.close());

  const verify = async (file: Buffer | string): Promise<ReceiptReport> =>
    verifyReceipt(new Uint8Array(Buffer.from(file)), await test.trusted());

  /** As if it had been signed with our key. */
  const resigned = async (change: (document: Record<string, unknown>) => void) => {
    const { jws: _, ...document } = JSON.parse(String(await test.receipt('json')));
    change(document);
    return sealReceipt(document, await currentReceiptKey(test.app), 'https://consent.example.org');
  };

  it.each(forms)('accepts a receipt as %s, and says where the log has it', async (form) => {
    expect(await verify(await test.receipt(form))).toMatchObject({
      verdict: 'genuine',
      content: { controller: 'Muster Werkzeuge GmbH', address: anna, state: 'granted' },
      log: {
        origin: 'log.example',
        index: expect.any(Number),
        root: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
  });

  it('accepts the Kantara form, of which the log says nothing', async () => {
    const report = await verify(await test.receipt('kantara'));
    expect(report).toMatchObject({ verdict: 'genuine', content: { form: 'kantara' } });
    expect(report.log).toBeUndefined();
  });

  it('signs what other tools accept with our public key set', async () => {
    const jws = String(await test.receipt('jws'));
    const [key] = (await receiptKeySet(test.app.db)).keys;
    const checked = await compactVerify(jws, await importJWK(key ?? {}, 'EdDSA'));
    expect(checked.protectedHeader).toMatchObject({
      alg: 'EdDSA',
      kid: await calculateJwkThumbprint(key ?? {}),
      jku: 'https://consent.example.org/.well-known/jawort/jwks.json',
    });
    expect(JSON.parse(new TextDecoder().decode(checked.payload))).toMatchObject({
      'dct:conformsTo': 'https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr',
    });
  });

  describe('refuses', () => {
    it('JSON in which one word was changed, and takes other spacing and order', async () => {
      const document = JSON.parse(String(await test.receipt('json')));
      const reordered = Object.fromEntries(Object.entries(document).reverse());
      expect(await verify(JSON.stringify(reordered))).toMatchObject({ verdict: 'genuine' });
      document['dpv:hasRecordOfActivity'].state = 'withdrawn';
      expect(await verify(JSON.stringify(document))).toEqual({ verdict: 'changed' });
    });

    it('a JWS with another payload or signature', async () => {
      const [head, body = '', tail = ''] = String(await test.receipt('jws')).split('.');
      const other = Buffer.from(body, 'base64url').toString().replace('granted', 'refused');
      const changed = Buffer.from(other).toString('base64url');
      expect(await verify([head, changed, tail].join('.'))).toEqual({ verdict: 'changed' });
      const flipped = `${tail.startsWith('A') ? 'B' : 'A'}${tail.slice(1)}`;
      expect(await verify([head, body, flipped].join('.'))).toEqual({ verdict: 'changed' });
    });

    it('a page of a PDF that was changed, with a genuine record in it', async () => {
      const pdf = await test.receipt('pdf');
      const place = pdf.indexOf('/Title') + 12;
      pdf.writeUInt8(pdf.readUInt8(place) ^ 1, place);
      expect(await verify(pdf)).toMatchObject({ verdict: 'page_changed', content: { state: 'granted' } });
      const appended = Buffer.concat([await test.receipt('pdf'), Buffer.from('% more\n')]);
      expect(await verify(appended)).toMatchObject({ verdict: 'page_changed' });
    });

    it('another PDF around the JWS of a receipt', async () => {
      const jws = await test.receipt('jws');
      const other = Buffer.concat([
        Buffer.from('%PDF-1.3\n1 0 obj\n<<>>\nstream\n'),
        jws,
        Buffer.from('\nendstream'),
      ]);
      expect(await verify(other)).toMatchObject({ verdict: 'page_changed' });
    });

    it('a receipt of another company, and says whose it is', async () => {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      const kid = await calculateJwkThumbprint(publicKey.export({ format: 'jwk' }) as never);
      const { jws: _, ...document } = JSON.parse(String(await test.receipt('json')));
      const foreign = { ...document, 'dct:publisher': 'https://other.example.org' };
      const jws = await sealReceipt(foreign, { kid, privateKey }, 'https://other.example.org');
      for (const file of [jws, sealedJson(foreign, jws)]) {
        expect(await verify(file)).toEqual({ verdict: 'unknown_key', issuer: 'https://other.example.org' });
      }
    });

    it('a key that calls itself by the name of ours', async () => {
      const { kid } = await currentReceiptKey(test.app);
      const { privateKey } = generateKeyPairSync('ed25519');
      const payload = Buffer.from(String(await test.receipt('jws')).split('.')[1] ?? '', 'base64url');
      const forged = await new CompactSign(payload)
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .sign(privateKey);
      expect(await verify(forged)).toEqual({ verdict: 'changed' });
    });

    it.each([
      ['another state than that of the newest event', (record: Change) => (record.state = 'withdrawn')],
      [
        'another time',
        (record: Change) =>
          (record['dpv:hasConsentStatus'][1]['dpv:isIndicatedAtTime'] = '2025-01-01T00:00:00.000Z'),
      ],
      ['other words', (record: Change) => (record['dpv:hasNotice'][0]['schema:text'] = 'Yes to everything.')],
      ['another person', (record: Change) => (record['dpv:hasDataSubject']['@id'] = 'urn:uuid:0')],
      ['another permission', (record: Change) => (record['@id'] = 'urn:uuid:0')],
    ])('%s than the log has, though our key signed it', async (_, change) => {
      const jws = await resigned((document) => change(document['dpv:hasRecordOfActivity'] as Change));
      expect(await verify(jws)).toMatchObject({ verdict: 'not_in_log' });
    });

    it.each([
      ['an entry that is not under the head', (log: Change) => (log.entries[0].index += 1)],
      [
        'a changed entry',
        (log: Change) => (log.entries[0].body = log.entries[0].body.replace('confirmed', 'granted')),
      ],
      ['another address', (log: Change) => (log.address.value = 'bob@example.org')],
      ['no entry about the event', (log: Change) => log.entries.shift()],
      ['no entry about the key', (log: Change) => log.entries.pop()],
      ['a larger size', (log: Change) => (log.size += 1)],
      ['another root', (log: Change) => (log.root = '0'.repeat(64))],
      [
        'a head that nobody signed',
        (log: Change) => (log.checkpoint = log.checkpoint.replace(/— .*/, '— log.example AAAAAAAA')),
      ],
      ['an index below zero', (log: Change) => (log.entries[0].index = -1)],
      ['a proof that is a number', (log: Change) => (log.entries[0].proof = [1])],
      ['something else in its place', (log: Change) => (log.entries = 'none')],
    ])('evidence of the log with %s', async (_, change) => {
      const jws = await resigned((document) => change(document.log as Change));
      expect(await verify(jws)).toMatchObject({ verdict: 'not_in_log' });
    });

    it('a log that another key signed', async () => {
      const file = new Uint8Array(await test.receipt('jws'));
      const { receipts } = await test.trusted();
      expect(await verifyReceipt(file, { receipts, log: [] })).toMatchObject({ verdict: 'not_in_log' });
    });
  });

  it.each(forms)('does not call %s genuine that was cut off', async (form) => {
    const file = await test.receipt(form);
    for (const part of [0.1, 0.3, 0.9]) {
      const { verdict } = await verify(file.subarray(0, Math.floor(file.length * part)));
      expect(['unreadable', 'no_receipt_in_pdf', 'changed', 'page_changed']).toContain(verdict);
    }
  });

  it('survives any bytes', async () => {
    for (const form of forms) {
      const file = await test.receipt(form);
      for (let round = 0; round < 40; round += 1) {
        const broken = Buffer.from(file);
        const place = Math.floor((broken.length * round) / 40);
        broken.writeUInt8(broken.readUInt8(place) ^ (1 + round), place);
        expect((await verify(broken)).verdict).not.toBe('genuine');
      }
    }
  }, 60_000);

  describe('a key that is replaced', () => {
    it('still vouches for what it signed, in its time only, and is in the log', async () => {
      const { app } = test;
      const before = await test.receipt('jws');
      const former = await currentReceiptKey(app);
      test.pass({ hours: 1 });
      const { kid, retired } = await rotateReceiptKey(app);
      expect(retired).toEqual([former.kid]);
      test.pass({ hours: 1 });
      expect(await verify(before)).toMatchObject({ verdict: 'genuine' });
      expect(await verify(await test.receipt('pdf'))).toMatchObject({ verdict: 'genuine' });
      const { keys } = await receiptKeySet(app.db);
      expect(keys.map((key) => [key.kid, key.exp !== undefined])).toEqual([
        [kid, false],
        [former.kid, true],
      ]);
      const { jws: _, ...document } = JSON.parse(String(await test.receipt('json')));
      expect(await verify(await sealReceipt(document, former, ''))).toMatchObject({ verdict: 'wrong_time' });
      const logged = await app.db
        .selectFrom('log_entries')
        .select('ref')
        .where('kind', '=', 'receipt_key')
        .orderBy('idx')
        .execute();
      expect(logged.map(({ ref }) => ref)).toEqual([former.kid, former.kid, kid]);
      expect((await verifyLog(app, [])).findings).toEqual([]);
    });

    it('leaves no private key in the clear, and none of a retired key', async () => {
      await rotateReceiptKey(test.app);
      const rows = await test.app.db
        .selectFrom('receipt_keys')
        .select(['private_enc', 'retired_at'])
        .execute();
      for (const { private_enc, retired_at } of rows) {
        expect(private_enc === null).toBe(retired_at !== null);
        expect(Buffer.from(private_enc ?? '', 'base64url').includes(Buffer.from('302e0201', 'hex'))).toBe(
          false,
        );
      }
    });

    it('is missed when somebody exchanges it in the table', async () => {
      await test.receipt('jws');
      await sql`update receipt_keys set public_x = 'AAAA'`.execute(test.app.db);
      expect((await verifyLog(test.app, [])).findings).toMatchObject([
        { kind: 'changed', table: 'receipt_keys' },
      ]);
    });
  });

  it('makes one first key when several ask at once', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => currentReceiptKey(test.app)));
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(1);
  });

  it('holds up no receipt where no log is signed', async () => {
    test.app.config.logKey = undefined;
    await test.app.db.deleteFrom('log_queue').execute();
    const report = await verify(await test.receipt('pdf'));
    expect(report.verdict).toBe('genuine');
    expect(report.log).toBeUndefined();
  });
});

it.each([
  ['', 'unreadable'],
  ['nonsense', 'unreadable'],
  ['{"a":1}', 'unreadable'],
  ['[]', 'unreadable'],
  ['{"jws":"a.b.c"}', 'unreadable'],
  ['a.b.c', 'unreadable'],
  ['eyJhbGciOiJFZERTQSJ9.e30.AAAA', 'unreadable'],
  ['%PDF-1.7\n%%EOF', 'no_receipt_in_pdf'],
  ['{"type":"jawort/receipt/1","issued_at":"2026-01-01T00:00:00Z","signature":{}}', 'old_format'],
])('verifyReceipt calls %s: %s', async (file, verdict) => {
  const bytes = new Uint8Array(Buffer.from(file));
  expect(await verifyReceipt(bytes, { receipts: [], log: [] })).toEqual({ verdict });
});

/** A part of a receipt that a forger changes. */
type Change = ReturnType<typeof JSON.parse>;
