import { readFile } from 'node:fs/promises';
import type { App } from '#src/app/app.ts';
import { listLogKeys } from '#src/log/key-entries.ts';
import { receiptKeySet, rotateReceiptKey } from '#src/receipts/receipt-keys.ts';
import {
  type ReceiptReport,
  type ReceiptVerdict,
  type TrustedKeys,
  verifyReceipt,
} from '#src/verifier/receipt.ts';
import { readArguments, readJsonFlag, UsageError } from './command.ts';
import { withApp } from './with-app.ts';

export async function receiptVerifyCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {});
  const [file, ...more] = positionals;
  if (!file || more.length > 0) throw new UsageError('Name one file.');
  const bytes = await readFile(file).catch(() => Buffer.alloc(0));
  return withApp(async (app) => {
    const report = await verifyReceipt(new Uint8Array(bytes), await knownKeys(app));
    console.log(values.json ? JSON.stringify(report) : `${file}: ${sentenceOf(report)}`);
    return exitCodes[report.verdict];
  });
}

export async function receiptRotateCommand(args: string[]): Promise<number> {
  const json = readJsonFlag(args);
  return withApp(async (app) => {
    const { kid, retired } = await rotateReceiptKey(app);
    const former = retired.length > 0 ? ` Retired: ${retired.join(', ')}.` : '';
    console.log(json ? JSON.stringify({ kid, retired }) : `Receipts are signed by ${kid} now.${former}`);
    return 0;
  });
}

async function knownKeys({ db }: App): Promise<TrustedKeys> {
  const { keys } = await receiptKeySet(db);
  return { receipts: keys, log: (await listLogKeys(db)).map(({ text }) => text) };
}

const exitCodes: Record<ReceiptVerdict, number> = {
  genuine: 0,
  changed: 1,
  page_changed: 1,
  unknown_key: 1,
  wrong_time: 1,
  not_in_log: 1,
  unreadable: 2,
  no_receipt_in_pdf: 2,
  old_format: 2,
};

function sentenceOf({ verdict, log, issuer }: ReceiptReport): string {
  if (verdict === 'unknown_key') {
    return `not genuine here: signed by a key that is not known here. It says that ${issuer} issued it.`;
  }
  if (verdict !== 'genuine') return sentences[verdict];
  return log
    ? `genuine. Signed here, unchanged, and entry ${log.index} of the ${log.size} entries of ${log.origin}.`
    : 'genuine. Signed here and unchanged. It names no place in the log.';
}

const sentences: Record<Exclude<ReceiptVerdict, 'genuine' | 'unknown_key'>, string> = {
  changed: 'not genuine. It was changed after it was signed.',
  page_changed: 'not genuine. The page of this PDF is not the one that was made for the record in it.',
  wrong_time: 'not genuine. Its key was not in use at the time that it names.',
  not_in_log: 'not genuine. The log does not say what it says.',
  unreadable: 'not a receipt that can be read.',
  no_receipt_in_pdf: 'a PDF without a receipt in it, or saved again by another program.',
  old_format:
    'a receipt of an earlier format, which is no longer read. Ask for a new one on the preference page.',
};
