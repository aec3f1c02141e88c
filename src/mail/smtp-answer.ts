import type { SendResult } from './transport.ts';

/** What went wrong in a dialogue with a mail server, as nodemailer tells it. */
export interface SmtpError extends Error {
  /** nodemailer's own code, e.g. `EENVELOPE`. */
  code?: string;
  /** What was under way: `CONN`, `EHLO`, `AUTH PLAIN`, `MAIL FROM`, `RCPT TO`, `DATA`, … */
  command?: string;
  responseCode?: number;
  /** The server's reply, several lines long where it has several. */
  response?: string;
  /** The system call that failed, e.g. `connect`. */
  syscall?: string;
  /** Which of nodemailer's time limits ran out. */
  timeoutType?: string;
}

/**
 * Whether a failed mail is given up, tried again, or no fault of the mail at all, by the stage of the dialogue, the reply
 * code (RFC 5321, 4.2) and the enhanced code (RFC 3463 and the IANA registry). The words after them are never read.
 */
export function judgeSmtpError(error: SmtpError): SendResult {
  const { command, response, responseCode } = error;
  if (!responseCode || !response) return judgeSilence(error);
  const stage = command?.split(' ')[0] ?? '';
  const reason = `${stage} ${response}`;
  // RFC 5321, 4.2.3: 421 closes the channel at any stage.
  if (responseCode === 421 || isAboutUs(stage, responseCode, enhancedCodes(response))) {
    return { outcome: 'pause', reason };
  }
  return judgeReply(responseCode, enhancedCodes(response), reason);
}

/** No reply to go by. */
function judgeSilence({ code, command, syscall, timeoutType, message }: SmtpError): SendResult {
  const reason = `${code ?? 'error'}: ${message}`;
  // nodemailer itself finds no sense in the address, or the mail larger than the server announced.
  const aboutThisMail = /^Invalid recipient/.test(message) || code === 'EMESSAGE';
  if (aboutThisMail) return { outcome: 'refused', reason };
  const closedBeforeGreeting = code === 'ECONNECTION' && command === undefined;
  const tooSlow = timeoutType !== undefined && timeoutType !== 'SOCKET_TIMEOUT';
  const neverConnected =
    closedBeforeGreeting || tooSlow || syscall === 'connect' || setUpFaults.has(code ?? '');
  // A connection that broke off may have handed the mail over. It goes out again under the same Message-ID.
  return { outcome: neverConnected ? 'pause' : 'retry', reason };
}

/** No session came about: names, connection, TLS, log-in, or our own sender. */
const setUpFaults = new Set([
  'EDNS',
  'ETLS',
  'EREQUIRETLS',
  'EAUTH',
  'ENOAUTH',
  'EOAUTH2',
  'EPROXY',
  'ECONFIG',
  'EENVELOPE',
]);

function isAboutUs(stage: string, code: number, details: string[]): boolean {
  // Until a recipient was named, a refusal can't be about the recipient. MAIL may be about the size or the alphabet.
  if (!['MAIL', 'RCPT', 'DATA'].includes(stage)) return true;
  if (stage === 'MAIL') return code !== 552 && !details.some((detail) => ofThisMail.has(detail));
  return accountCodes.has(code) || details.some((detail) => ofSender.has(detail));
}

/** Replies that speak of the session or of a log-in, at whatever stage (RFC 5321, 4.2.3; RFC 4954, 6; RFC 3207). */
const accountCodes = new Set([432, 454, 500, 502, 504, 521, 523, 530, 534, 535, 538]);

/** Message too big; non-ASCII addresses not permitted (RFC 6531). */
const ofThisMail = new Set(['3.4', '6.7', '6.9']);

/**
 * The sender's address (X.1.7, X.1.8), its log-in, encryption and account (X.7.8 to X.7.14), its DKIM, SPF, DMARC and
 * reverse DNS (X.7.20 to X.7.27, X.7.29), and a flood of mails from it (X.7.28).
 */
const ofSender = new Set([
  ...['1.7', '1.8', '7.8', '7.9', '7.10', '7.11', '7.12', '7.13', '7.14'],
  ...['7.20', '7.21', '7.22', '7.23', '7.24', '7.25', '7.26', '7.27', '7.28', '7.29'],
]);

function judgeReply(code: number, details: string[], reason: string): SendResult {
  // 503 says that the session was in the wrong state, not that this mail was refused.
  if (code < 500 || code === 503 || details.includes('transient')) return { outcome: 'retry', reason };
  // RFC 7504: the domain of the recipient accepts no mail at all.
  const dead = details.length > 0 ? details.every((detail) => isDeadMailbox(detail)) : code === 556;
  return dead ? { outcome: 'refused', reason, noMailbox: true } : { outcome: 'refused', reason };
}

/**
 * No such mailbox, no such domain, moved without a new address, null MX (RFC 7505), disabled for good. A bare 550 is none
 * of them: RFC 5321 uses it for policy as well.
 */
const deadMailbox = new Set(['1.1', '1.2', '1.6', '1.10', '2.1']);

/** Whether an enhanced code of the class 5, e.g. `1.1`, says that there is no such mailbox. */
export function isDeadMailbox(detail: string): boolean {
  return deadMailbox.has(detail);
}

/**
 * The subject and detail of each enhanced code in a reply, e.g. `1.1`. A code of the class 4 in a reply of the class 5
 * counts as `transient`: the milder of the two is believed.
 */
function enhancedCodes(response: string): string[] {
  const codes = new Set<string>();
  for (const [, reply, status, detail] of response.matchAll(
    /^(\d)\d\d[ -]#?([245])\.(\d{1,3}\.\d{1,3})\b/gm,
  )) {
    codes.add(reply === '5' && status === '4' ? 'transient' : (detail as string));
  }
  return [...codes];
}
