import { readFile } from 'node:fs/promises';
import { type ReceiptVerdict, verifyReceipt } from '#src/dossiers/verify-receipt.ts';
import { readArguments, UsageError } from './command.ts';
import { withApp } from './with-app.ts';

export async function receiptVerifyCommand(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {});
  const [file, ...more] = positionals;
  if (!file || more.length > 0) throw new UsageError('Name one file.');
  const text = await readFile(file, 'utf8').catch(() => '');
  return withApp(async (app) => {
    const verdict = verifyReceipt(app.keys, text);
    console.log(values.json ? JSON.stringify({ verdict }) : `${file}: ${sentences[verdict]}`);
    return exitCodes[verdict];
  });
}

const exitCodes: Record<ReceiptVerdict, number> = { genuine: 0, changed: 1, unknown_key: 1, unreadable: 2 };

const sentences: Record<ReceiptVerdict, string> = {
  genuine: 'genuine. This instance signed it, and nothing was changed.',
  changed: 'not genuine. It was changed after it was signed.',
  unknown_key: 'signed by another instance, or with another APP_SECRET.',
  unreadable: 'not a receipt that can be read.',
};
