import { type KeyObject, sign } from 'node:crypto';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { groundSentences } from '#src/i18n/ground-words.ts';
import { cellGrounds } from '#src/ledger/cell-grounds.ts';
import { type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import { openManageLink } from '#src/permissions/open-link.ts';
import { receiptKeys } from './receipt-keys.ts';

/** The person's own signed copy of where they stand: every purpose and channel, with the exact words. */
export interface Receipt {
  type: 'jawort/receipt/1';
  issued_at: string;
  issued_by: string;
  controllers: { legal_name: string; address: string; privacy_email: string; privacy_url: string }[];
  permissions: {
    purpose: string;
    title: string;
    channel: string;
    contact_point: string | null;
    state: string;
    since: string | null;
    basis: string | null;
    evidence_grade: string | null;
    third_parties: { name: string; place: string; line_of_business: string }[];
    text_version: string | null;
    wording: string | null;
    sha256: string | null;
    /** The words were declared invalid: a consent in them no longer counts. */
    text_invalid_since: string | null;
    /** Where it is no consent: what it stands on, and the right to object. */
    ground?: string;
  }[];
  /** Ed25519 over the JSON of everything above, in this order of keys. */
  signature?: { algorithm: 'Ed25519'; public_key: string; value: string };
}

export type ReceiptResult =
  | { outcome: 'unknown_link' | 'revoked' | 'link_too_old' }
  | { outcome: 'issued'; receipt: Receipt };

/** Holds full addresses, so it needs a link younger than a day. */
export async function issueReceipt(app: App, link: string, locale: Locale): Promise<ReceiptResult> {
  const opened = await openManageLink(app, app.db, link);
  if (opened.outcome !== 'found') return opened;
  if (!opened.fresh) return { outcome: 'link_too_old' };
  const cells = await permissionMatrix(app.db, opened.person, locale);
  const groundOf = await cellGrounds(app.db, opened.person, cells);
  const controllers = await app.db
    .selectFrom('controllers')
    .select(['legal_name', 'address', 'privacy_email', 'privacy_url'])
    .orderBy('legal_name')
    .execute();
  const receipt: Receipt = {
    type: 'jawort/receipt/1',
    issued_at: app.now().toISOString(),
    issued_by: app.config.baseUrl,
    controllers,
    permissions: cells.map((cell) => {
      const ground = groundSentences(groundOf(cell), locale).join(' ');
      return { ...receiptLine(cell), ...(ground && { ground }) };
    }),
  };
  return { outcome: 'issued', receipt: signReceipt(app.keys.signing, receipt) };
}

export function receiptLine(cell: MatrixCell): Receipt['permissions'][number] {
  return {
    purpose: cell.purpose,
    title: cell.title,
    channel: cell.channel,
    contact_point: cell.contactPoint,
    state: cell.state,
    since: cell.since,
    basis: cell.basis,
    evidence_grade: cell.evidenceGrade,
    third_parties: cell.thirdParties.map(({ name, place, line_of_business }) => ({
      name,
      place,
      line_of_business,
    })),
    text_version: cell.text?.ref ?? null,
    wording: cell.text?.wording ?? null,
    sha256: cell.text?.sha256 ?? null,
    text_invalid_since: cell.text?.invalidatedAt ?? null,
  };
}

function signReceipt(seed: KeyObject, receipt: Receipt): Receipt {
  const { privateKey, publicKey } = receiptKeys(seed);
  const value = sign(null, Buffer.from(JSON.stringify(receipt)), privateKey);
  return {
    ...receipt,
    signature: { algorithm: 'Ed25519', public_key: publicKey, value: value.toString('base64') },
  };
}
