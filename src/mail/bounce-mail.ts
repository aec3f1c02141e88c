import PostalMime from 'postal-mime';
import { isDeadMailbox } from './smtp-answer.ts';

/** A delivery status notification about one mail to one recipient (RFC 3464). */
export interface BounceMail {
  /** The Message-ID of the mail that came back, without its angle brackets. */
  messageId: string;
  /** As the reporting server spells it. */
  recipient: string;
  /** The mailbox permanently does not exist. False for a full mailbox, a policy or a delay. */
  isDead: boolean;
}

/** `undefined` if the mail is not such a report, or does not name the returned mail. */
export async function readBounceMail(source: Uint8Array): Promise<BounceMail | undefined> {
  const { attachments } = await PostalMime.parse(source, {
    forceRfc822Attachments: true,
    attachmentEncoding: 'utf8',
  });
  const partOf = (...types: string[]) =>
    attachments.find(({ mimeType }) => types.includes(mimeType))?.content.toString();
  const report = partOf('message/delivery-status');
  const returned = partOf('text/rfc822-headers', 'message/rfc822');
  const messageId = returned && /^<([^<>\s]+)>$/.exec(fieldOf(returned, 'Message-ID') ?? '')?.[1];
  if (!report || !messageId) return undefined;
  // The first group of fields describes the report, every other one a recipient. Our mails have one recipient.
  const [recipient, ...others] = groupsOf(report).filter((group) => fieldOf(group, 'Final-Recipient'));
  const address = recipient && /^rfc822\s*;\s*(\S+)$/i.exec(fieldOf(recipient, 'Final-Recipient') ?? '')?.[1];
  if (!recipient || !address || others.length > 0) return undefined;
  const failed = fieldOf(recipient, 'Action')?.toLowerCase() === 'failed';
  const [, status] = /^5\.(\d{1,3}\.\d{1,3})\b/.exec(fieldOf(recipient, 'Status') ?? '') ?? [];
  return { messageId, recipient: address, isDead: failed && status !== undefined && isDeadMailbox(status) };
}

function groupsOf(report: string): string[] {
  return report.split(/\r?\n[ \t]*\r?\n/);
}

/** The value of a header field, unfolded. */
function fieldOf(headers: string, name: string): string | undefined {
  const [head = ''] = groupsOf(headers.trimStart());
  const unfolded = head.replace(/\r?\n[ \t]+/g, ' ');
  return new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*\\r?$`, 'im').exec(unfolded)?.[1];
}
