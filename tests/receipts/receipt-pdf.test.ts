import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findOwner } from '#src/people/find-owner.ts';
import { receiptDocument } from '#src/receipts/receipt-document.ts';
import { type ReceiptFacts, readReceiptFacts } from '#src/receipts/receipt-facts.ts';
import { receiptPdf } from '#src/receipts/receipt-pdf.ts';
import { pdfPages } from '#tests/support/pdf-text.ts';
import { openReceiptTest, type ReceiptTest } from '#tests/support/receipts.ts';

const issuer = 'https://consent.example.org';

describe('the PDF of a receipt', () => {
  let test: ReceiptTest;
  let granted: ReceiptFacts;
  beforeAll(async () => {
    test = await openReceiptTest('sqlite');
    const point = await test.app.db.selectFrom('contact_points').select('id').executeTakeFirstOrThrow();
    const owner = await findOwner(test.app.db, test.app.keys, point.id);
    const id = (await test.permissionId('partner-offers:email')).slice('per_'.length);
    const facts = owner && (await readReceiptFacts(test.app.db, owner.person, id, 'de'));
    if (!facts) throw new Error('no facts');
    granted = facts;
  });
  afterAll(() => test.close());

  /** Its only page as one line. */
  const page = async (name: string, changes: Partial<ReceiptFacts>) => {
    const facts = { ...granted, ...changes };
    const document = receiptDocument(facts, { issuer, issuedAt: '2026-12-01T10:00:00.000Z', log: null });
    const pdf = await receiptPdf({ facts, document, issuer }, async () => 'x'.repeat(12_000));
    if (process.env.RECEIPTS_TO) {
      mkdirSync(process.env.RECEIPTS_TO, { recursive: true });
      writeFileSync(`${process.env.RECEIPTS_TO}/${name}.pdf`, pdf);
    }
    const pages = pdfPages(pdf);
    expect(pages).toHaveLength(1);
    return pages.join(' ').replaceAll('\n', ' ').replace(/ +/g, ' ');
  };

  it('says on one page what a person needs to know', async () => {
    const said = await page('granted', {});
    for (const words of [
      'Muster Werkzeuge GmbH',
      'Beleg über Ihre Einwilligung',
      'Ja seit 2. November 2026, 10:00 Uhr',
      'E-Mail: anna@example.org',
      'Einwilligung (Art. 6 Abs. 1 lit. a DSGVO)',
      'Beispiel Versicherung AG, Köln',
      'bestätigt (Bestätigungsseite, durch Sie)',
      'Textfassung partner-offers/email/de@1.0',
      'So widerrufen Sie',
      'https://consent.example.org/verify',
    ]) {
      expect(said).toContain(words);
    }
    expect(withoutBlanks(said)).toContain(withoutBlanks(granted.text?.wording ?? 'none'));
  });

  it('holds 5,000 characters of wording and a long history on its page', async () => {
    const sentence = 'Ja, die Muster Werkzeuge GmbH darf mir Neuigkeiten zu Werkzeugen per E-Mail schicken. ';
    const wording = sentence.repeat(60).slice(0, 5000).trim();
    const text = granted.text && { ...granted.text, wording };
    const events = Array.from({ length: 30 }, () => granted.events).flat();
    const thirdParties = Array.from({ length: 4 }, () => granted.thirdParties).flat();
    const said = await page('long', { text, events, thirdParties });
    expect(withoutBlanks(said)).toContain(withoutBlanks(wording));
    expect(said).toContain('und 56 frühere Schritte');
    expect(said).toContain('So prüfen Sie diesen Beleg');
  });

  it('calls nothing but a consent one', async () => {
    const ground = ['Sie haben bei uns gekauft: Akkuschrauber.', 'Sie können jederzeit widersprechen.'];
    const basis = 'existing_customer' as const;
    const events = granted.events.map((event) => ({ ...event, basis, by: 'controller' as const }));
    const said = await page('customer', { basis, ground, events, answer: 'erlaubt, bis Sie widersprechen' });
    expect(said).toContain('Beleg: Werbung an Sie');
    expect(said).toContain('Sie können jederzeit widersprechen.');
    expect(said).toContain('So widersprechen Sie');
    expect(said).not.toMatch(/einwillig/i);
  });

  it('does not tell how to withdraw what was withdrawn, and says when words were invalid', async () => {
    const gone = await page('withdrawn', { state: 'withdrawn', answer: 'Nein, widerrufen' });
    expect(gone).toContain('Nein, widerrufen');
    expect(gone).not.toContain('So widerrufen Sie');
    const text = granted.text && { ...granted.text, invalidatedAt: '2026-11-20T09:00:00.000Z' };
    expect(await page('invalid', { text })).toContain('zählt seit 20. November 2026, 10:00 Uhr nicht mehr');
    expect(await page('english', { locale: 'en', answer: 'Yes' })).toContain('Receipt for your consent');
  });
});

function withoutBlanks(text: string): string {
  return text.replace(/\s/g, '');
}
