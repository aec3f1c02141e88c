import { inflateSync } from 'node:zlib';
import { bottomOf, colours, margins, type Pdf, width } from './page.ts';

/** A scan as a picture. `false`: this file is none that can be printed. */
export function drawScan(pdf: Pdf, bytes: Uint8Array, type: string): boolean {
  if (type !== 'image/jpeg' && type !== 'image/png') return false;
  const file = Buffer.from(bytes);
  if (type === 'image/png' && !isWholePng(file)) return false;
  const most = 420;
  if (pdf.y + most > bottomOf(pdf)) pdf.addPage();
  const top = pdf.y;
  try {
    pdf.image(file, margins.left, top, { fit: [width, most] });
  } catch {
    return false;
  }
  const height = pdf.y > top ? pdf.y - top : most;
  pdf.rect(margins.left, top, width, height).lineWidth(0.4).stroke(colours.line);
  pdf.y = top + height + 8;
  return true;
}

// pdfkit unpacks a PNG with transparency after it has answered, and a broken one would end the process there.
function isWholePng(file: Buffer): boolean {
  const parts: Buffer[] = [];
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  try {
    return (
      parts.length > 0 && inflateSync(Buffer.concat(parts), { maxOutputLength: largestPicture }).length > 0
    );
  } catch {
    return false;
  }
}

/** Unpacked, in bytes: A4 at 600 dpi in colour has 104 MB. */
const largestPicture = 160_000_000;
