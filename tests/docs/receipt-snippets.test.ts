import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { receiptKeySet } from '#src/receipts/receipt-keys.ts';
import { openReceiptTest } from '#tests/support/receipts.ts';
import { snippetsOfKind } from './read-guides.ts';

it('reads a receipt as the guide shows it, and refuses a changed one', async () => {
  const test = await openReceiptTest('sqlite');
  const jws = String(await test.receipt('jws'));
  const keys = JSON.stringify(await receiptKeySet(test.app.db));
  const company = createServer((request, response) => {
    response.end(request.url === '/.well-known/jawort/jwks.json' ? keys : '');
  });
  await new Promise<void>((ready) => company.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(company.address() as AddressInfo).port}`;
  const folder = join(test.folder, 'snippet');
  mkdirSync(folder);
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const [snippet] = snippetsOfKind('developers.md', 'receipt');
  writeFileSync(join(folder, 'read.mjs'), snippet?.code ?? '');
  const { readReceipt } = await import(pathToFileURL(join(folder, 'read.mjs')).href);
  expect(await readReceipt(`${jws}\n`, url)).toMatchObject({
    'dpv:hasRecordOfActivity': { 'dct:identifier': await test.permissionId('partner-offers:email') },
  });
  const [head, , tail] = jws.split('.');
  await expect(readReceipt([head, 'e30', tail].join('.'), url)).rejects.toThrow(
    'signature verification failed',
  );
  company.close();
  await test.close();
});
