import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { blank } from '#src/verifier/receipt-file.ts';
import { attachmentName, type PrintableReceipt, pageMargins } from './receipt-measures.ts';
import { drawReceipt, titleOf } from './receipt-page.ts';

/**
 * One page for people. The JWS is attached, and covers the page as well: its header has the SHA-256 of the file, in which the
 * place of the JWS is blank.
 *
 * @param seal makes the JWS. It must be of the same length for each hash.
 */
export async function receiptPdf(
  receipt: PrintableReceipt,
  seal: (pageHash: string) => Promise<string>,
): Promise<Buffer> {
  const { length } = await seal('A'.repeat(43));
  const placeholder = blank.repeat(length);
  const file = await render(receipt, placeholder);
  const place = file.indexOf(placeholder);
  const jws = await seal(createHash('sha256').update(file).digest('base64url'));
  file.write(jws, place, 'latin1');
  return file;
}

async function render(receipt: PrintableReceipt, attachment: string): Promise<Buffer> {
  const { facts } = receipt;
  // Uncompressed, so that the attachment can be found and exchanged in the finished file.
  const pdf = new PDFDocument({
    size: 'A4',
    margins: pageMargins,
    compress: false,
    lang: facts.locale,
    displayTitle: true,
    info: { Title: titleOf(facts), Author: facts.controller.legalName },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(Buffer.concat(chunks)));
  });
  pdf.registerFont('text', font('DejaVuSans.ttf')).registerFont('bold', font('DejaVuSans-Bold.ttf'));
  drawReceipt(pdf, receipt);
  attach(pdf, attachment);
  pdf.end();
  return done;
}

/** As `pdf.file` does it, without the MD5 of the content, which is not known yet. */
function attach(pdf: PDFKit.PDFDocument, content: string): void {
  const file = pdf.ref({ Type: 'EmbeddedFile', Subtype: 'application#2Fjose' });
  file.end(Buffer.from(content, 'latin1'));
  const name = new String(attachmentName);
  const spec = pdf.ref({ Type: 'Filespec', AFRelationship: 'Data', F: name, UF: name, EF: { F: file } });
  spec.end(undefined);
  pdf.addNamedEmbeddedFile(attachmentName, spec);
}

function font(file: string): string {
  return createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`);
}
