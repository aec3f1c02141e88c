import { readFileSync } from 'node:fs';
import { Certificate } from 'pkijs';

/** The certificates in a PEM file. Throws an Error with one sentence when there is none, or one cannot be read. */
export function readStampRoots(file: string): Certificate[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new Error(`TSA_ROOTS: the file ${file} cannot be read.`);
  }
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new Error(`TSA_ROOTS: the file ${file} holds no certificate in PEM.`);
  return blocks.map((block) => {
    try {
      return Certificate.fromBER(
        new Uint8Array(Buffer.from(block.replace(/-----[^-]+-----/g, ''), 'base64')),
      );
    } catch {
      throw new Error(`TSA_ROOTS: the file ${file} holds a certificate that cannot be read.`);
    }
  });
}
