import type { SendMailOptions } from 'nodemailer';
import type { OutgoingMail } from './transport.ts';

/** The mail for nodemailer: text and HTML side by side, nothing fetched, nothing read from disk. */
export function mimeOptions(mail: OutgoingMail) {
  return {
    from: mail.from,
    // As objects, so that no parser reads a second recipient into a quoted local part.
    to: [{ name: '', address: mail.to }],
    replyTo: mail.replyTo ? [{ name: '', address: mail.replyTo }] : undefined,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    date: mail.date,
    headers: mail.headers,
    textEncoding: 'quoted-printable',
    disableFileAccess: true,
    disableUrlAccess: true,
    xMailer: false,
  } satisfies SendMailOptions;
}
