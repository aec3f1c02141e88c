import MimeNode from 'nodemailer/lib/mime-node';
import { encode, wrap } from 'nodemailer/lib/qp';
import type { OutgoingMail } from './transport.ts';

/**
 * The mail as RFC 5322 wants it: text and HTML side by side. The same mail gives the same bytes.
 *
 * Headers are nodemailer's, which knows how to fold, encode and keep line ends out of them. Its composer of
 * whole mails works with streams and takes three times as long; for two short texts that is not needed.
 */
export function mimeSource(mail: OutgoingMail, encoding: BodyEncoding = 'quoted-printable'): Buffer {
  const node = new MimeNode('multipart/alternative', { baseBoundary: mail.id });
  for (const [name, value] of Object.entries(mail.headers)) node.setHeader(name, unfolded(value));
  node.setHeader({
    From: mail.from,
    // As objects, so that no parser reads a second recipient into a quoted local part.
    To: { name: '', address: mail.to },
    Subject: mail.subject,
    'Message-ID': mail.messageId,
    Date: mail.date.toUTCString().replace('GMT', '+0000'),
  });
  if (mail.replyTo) node.setHeader('Reply-To', { name: '', address: mail.replyTo });
  const headers = node.buildHeaders();
  const parts = [part('text/plain', mail.text, encoding), part('text/html', mail.html, encoding)];
  const body = [...parts.map((text) => `--${node.boundary}\r\n${text}\r\n`), `--${node.boundary}--\r\n`];
  return Buffer.from(`${headers}\r\n\r\n${body.join('')}`);
}

/** In one line: folding an address is allowed, but not everybody who looks for it in there unfolds it again. */
function unfolded(value: string): { prepared: true; value: string } {
  return { prepared: true, value: value.replace(/[\r\n]+/g, ' ') };
}

/** `8bit` keeps links and words in one piece for whoever reads the file; on the wire not every server takes it. */
export type BodyEncoding = 'quoted-printable' | '8bit';

function part(type: string, text: string, wished: BodyEncoding): string {
  const lines = text.replace(/\r?\n/g, '\r\n');
  const encoding = lines.split('\r\n').some((line) => Buffer.byteLength(line) > 998)
    ? 'quoted-printable'
    : wished;
  const body = encoding === '8bit' ? lines : wrap(encode(lines), 76);
  return `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`;
}
