import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manageLink } from '#src/links/signed-link.ts';
import { listLogKeys } from '#src/log/key-entries.ts';
import { ensureDemoLog } from '#src/log/start-log.ts';
import { issueReceipt, type ReceiptForm } from '#src/receipts/issue-receipt.ts';
import { receiptKeySet } from '#src/receipts/receipt-keys.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import type { TrustedKeys } from '#src/verifier/receipt.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from './app.ts';
import type { DatabaseName } from './databases.ts';

export const anna = 'anna@example.org';

export interface ReceiptTest extends TestApp {
  /** For files of the test; deleted at the end. */
  folder: string;
  /** What the server publishes, as a verifier fetches it. */
  trusted: () => Promise<TrustedKeys>;
  /** The receipt of one of Anna's permissions. Throws when there is none. */
  receipt: (form: ReceiptForm, of?: string, locale?: string) => Promise<Buffer>;
  /** Of a permission, such as `partner-offers:email`: `per_…`. */
  permissionId: (of: string) => Promise<string>;
  link: () => Promise<string>;
}

/** Anna has confirmed `partner-offers` and `product-news`, and the log is signed. */
export async function openReceiptTest(name: DatabaseName): Promise<ReceiptTest> {
  const folder = mkdtempSync(join(tmpdir(), 'jawort-receipts-'));
  const logKey = { file: join(folder, 'log-key.pem'), origin: 'log.example' };
  const test = await openTestApp(name, { logKey, baseUrl: 'https://consent.example.org' });
  const { app } = test;
  await ensureDemoLog(app);
  await signUp(app, anna, ['partner-offers:email', 'product-news:email']);
  await confirmSignup(app, await newestToken(app, anna), aClient);
  const link = async () => {
    const point = await app.db.selectFrom('contact_points').select('id').executeTakeFirstOrThrow();
    return manageLink(app.keys, point.id, 0, app.now());
  };
  const permissionId = async (of: string) => {
    const [purpose = '', channel = ''] = of.split(':');
    const row = await app.db
      .selectFrom('permissions')
      .innerJoin('purposes', 'purposes.id', 'permissions.purpose_id')
      .select('permissions.id')
      .where('purposes.key', '=', purpose)
      .where('permissions.channel', '=', channel as 'email')
      .executeTakeFirstOrThrow();
    return `per_${row.id}`;
  };
  return {
    ...test,
    folder,
    link,
    permissionId,
    async trusted() {
      const { keys } = await receiptKeySet(app.db);
      return { receipts: keys, log: (await listLogKeys(app.db)).map(({ text }) => text) };
    },
    async receipt(form, of = 'partner-offers:email', locale = 'de') {
      const result = await issueReceipt(app, await link(), await permissionId(of), { form, locale });
      if (result.outcome !== 'issued') throw new Error(result.outcome);
      return Buffer.from(result.body);
    },
    async close() {
      await test.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
