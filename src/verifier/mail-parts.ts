import { textOf } from './bytes.ts';

/** The two parts of a mail of ours (RFC 5322, multipart/alternative), with single line breaks. */
export interface MailParts {
  text: string;
  html: string;
}

export function readMailParts(eml: string): MailParts | undefined {
  const [, boundary] = /^content-type: multipart\/alternative;\s+boundary="([^"]+)"/im.exec(eml) ?? [];
  if (boundary === undefined) return undefined;
  const [, text, html] = eml.split(`--${boundary}`).map(bodyOf);
  return text === undefined || html === undefined ? undefined : { text, html };
}

function bodyOf(part: string): string | undefined {
  const start = part.indexOf('\r\n\r\n');
  if (start < 0) return undefined;
  const isQuoted = /^content-transfer-encoding: quoted-printable/im.test(part.slice(0, start));
  const body = part.slice(start + 4).replace(/\r\n$/, '');
  return (isQuoted ? fromQuotedPrintable(body) : body)?.replace(/\r\n/g, '\n');
}

/** RFC 2045, section 6.7; `undefined` when the bytes are not UTF-8. */
function fromQuotedPrintable(text: string): string | undefined {
  const unwrapped = text.replace(/=\r\n/g, '');
  const pieces = unwrapped.split(/=([0-9A-F]{2})/);
  const bytes = pieces.flatMap((piece, index) =>
    index % 2 === 1 ? [Number.parseInt(piece, 16)] : [...new TextEncoder().encode(piece)],
  );
  return textOf(Uint8Array.from(bytes));
}
