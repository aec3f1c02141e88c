import type { MailKind } from '#db/schema/mails.ts';
import { fillGaps, type Secret } from '#emails/gaps.ts';
import type { App } from '#src/app/app.ts';
import { confirmCode, confirmToken } from '#src/links/confirm-token.ts';
import { manageLink, unsubscribeLink } from '#src/links/signed-link.ts';
import { staffToken } from '#src/links/staff-token.ts';
import { decryptJson } from '#src/people/encryption.ts';
import { paths } from '#src/routes.ts';
import type { AddressedMail } from './addressed-mail.ts';
import type { StaffLinkParams } from './outbox.ts';
import type { RenderedMail } from './rendered-mail.ts';
import type { OutgoingMail } from './transport.ts';

/** Fills in the secrets, which are derived and never stored, and adds the headers. The same row gives the same mail. */
export function outgoing(app: App, addressed: AddressedMail, rendered: RenderedMail): OutgoingMail {
  const { row } = addressed;
  const { from = app.config.mail.from, to = addressed.to } = rendered;
  const secrets = secretsOf(app, addressed, rendered);
  const { subject, text, html } = fillGaps(rendered, row.locale, secrets);
  return {
    id: row.id,
    kind: row.kind,
    from,
    replyTo: rendered.replyTo,
    to,
    subject: oneLine(subject),
    text,
    html,
    messageId: messageIdOf(row.id, from),
    date: new Date(rendered.renderedAt),
    headers: headersOf(row.kind, secrets.unsubscribeUrl),
  };
}

function secretsOf(
  app: App,
  { row, signup, person, contactPoint }: AddressedMail,
  { renderedAt, linkGeneration }: RenderedMail,
): Partial<Record<Secret, string>> {
  const { keys, config } = app;
  if (row.kind === 'confirm-signup' && signup) {
    const generation = row.generation ?? 0;
    return {
      confirmUrl: config.baseUrl + paths.confirm(confirmToken(keys, signup.id, generation)),
      confirmCode: confirmCode(keys, signup.id, generation),
    };
  }
  if (row.kind === 'staff-invitation' || row.kind === 'staff-password-reset') {
    const { tokenId } = decryptJson<StaffLinkParams>(person.key, row.params_enc);
    return { staffUrl: config.baseUrl + paths.staffPassword(staffToken(keys, tokenId)) };
  }
  // Staff have no preference page.
  if (row.kind === 'staff-key-waiting' || row.kind === 'staff-log-unwatched') return {};
  const manage = manageLink(keys, contactPoint.id, linkGeneration, new Date(renderedAt));
  const manageUrl = config.baseUrl + paths.preferences(manage);
  if (row.kind !== 'permissions-changed') return { manageUrl };
  const unsubscribe = unsubscribeLink(keys, contactPoint.id, linkGeneration);
  return { manageUrl, unsubscribeUrl: config.baseUrl + paths.unsubscribe(unsubscribe) };
}

function headersOf(kind: MailKind, unsubscribeUrl: string | undefined): Record<string, string> {
  const headers = { 'Auto-Submitted': 'auto-generated', 'X-Jawort-Mail': kind };
  if (!unsubscribeUrl) return headers;
  return {
    ...headers,
    'List-Unsubscribe': `<${unsubscribeUrl}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}

// A line break in a subject would start a new header.
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

export function messageIdOf(id: string, from: string): string {
  const domain = /@([^@>\s]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  return `<${id}@${domain}>`;
}
