import { randomUUID } from 'node:crypto';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { ownId } from '#src/ids/public-id.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { openManageLink } from '#src/permissions/open-link.ts';
import { paths } from '#src/routes.ts';
import { kantaraReceipt } from './kantara.ts';
import { logEvidenceOf } from './log-evidence.ts';
import { receiptDocument } from './receipt-document.ts';
import { type ReceiptFacts, readReceiptFacts } from './receipt-facts.ts';
import { currentReceiptKey, type ReceiptKey } from './receipt-keys.ts';
import { receiptPdf } from './receipt-pdf.ts';
import { sealedJson, sealReceipt } from './seal-receipt.ts';

export type ReceiptForm = 'pdf' | 'jws' | 'json' | 'kantara';

export type ReceiptResult =
  /** `not_found`: no permission of this person, or one that the Kantara form has no fields for. */
  | { outcome: 'unknown_link' | 'revoked' | 'link_too_old' | 'not_found' }
  | { outcome: 'issued'; type: string; body: string | Buffer };

/** The person's own signed copy of one permission. Holds the whole address, so it needs a link younger than a day. */
export async function issueReceipt(
  app: App,
  link: string,
  permission: string,
  { form, locale }: { form: ReceiptForm; locale: Locale },
): Promise<ReceiptResult> {
  const opened = await openManageLink(app, app.db, link);
  if (opened.outcome !== 'found') return opened;
  if (!opened.fresh) return { outcome: 'link_too_old' };
  const id = ownId('permission', permission);
  const facts = id && (await readReceiptFacts(app.db, opened.person, id, locale));
  if (!facts) return { outcome: 'not_found' };
  const key = await currentReceiptKey(app);
  const document = await documentOf(app, opened.person, facts, key, form);
  if (!document) return { outcome: 'not_found' };
  const issuer = app.config.baseUrl;
  if (form === 'pdf') {
    const seal = (pageHash: string) => sealReceipt(document, key, issuer, pageHash);
    const body = await receiptPdf({ facts, document, issuer }, seal);
    return { outcome: 'issued', type: 'application/pdf', body };
  }
  const jws = await sealReceipt(document, key, issuer);
  return form === 'jws'
    ? { outcome: 'issued', type: 'application/jose', body: jws }
    : { outcome: 'issued', type: 'application/json; charset=utf-8', body: sealedJson(document, jws) };
}

async function documentOf(
  app: App,
  person: PersonWithKey,
  facts: ReceiptFacts,
  key: ReceiptKey,
  form: ReceiptForm,
): Promise<Record<string, unknown> | undefined> {
  const issuer = app.config.baseUrl;
  const issuedAt = app.now().toISOString();
  if (form === 'kantara') {
    const receipt = kantaraReceipt(facts, randomUUID(), `${issuer}${paths.receiptKeys()}`);
    return receipt && { ...receipt, issuer, created: issuedAt };
  }
  const log = await logEvidenceOf(app, person, facts, key.kid);
  return receiptDocument(facts, { issuer, issuedAt, log });
}
