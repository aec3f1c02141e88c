import type { SendResult } from './transport.ts';

/** An SMTP error, as reported by nodemailer. */
export interface SmtpError extends Error {
  /** nodemailer's own code, e.g. `EENVELOPE`. */
  code?: string;
  /** The current command: `CONN`, `EHLO`, `AUTH PLAIN`, `MAIL FROM`, `RCPT TO`, `DATA`, … */
  command?: string;
  responseCode?: number;
  /** The server's reply; may have several lines. */
  response?: string;
  /** The system call that failed, e.g. `connect`. */
  syscall?: string;
  /** Which of nodemailer's time limits ran out. */
  timeoutType?: string;
}

/**
 * Decides whether a mail failed for good, can be retried, or is not the cause (`pause`), from the current command, the
 * reply code (RFC 5321, 4.2) and the enhanced code (RFC 3463 and the IANA registry). Never reads the reply text.
 */
export function classifySmtpError(error: SmtpError): SendResult {
  const { command, response, responseCode } = error;
  if (!responseCode || !response) return classifyMissingReply(error);
  const stage = command?.split(' ')[0] ?? '';
  const reason = `${stage} ${response}`;
  // RFC 5321, 4.2.3: 421 closes the channel at any stage.
  if (responseCode === 421 || isSenderProblem(stage, responseCode, enhancedCodes(response))) {
    return { outcome: 'pause', reason };
  }
  return classifyReply(responseCode, enhancedCodes(response), reason);
}

function classifyMissingReply({ code, command, syscall, timeoutType, message }: SmtpError): SendResult {
  const reason = `${code ?? 'error'}: ${message}`;
  // nodemailer refused the address, or the mail is larger than the server's limit.
  const aboutThisMail = /^Invalid recipient/.test(message) || code === 'EMESSAGE';
  if (aboutThisMail) return { outcome: 'refused', reason };
  const closedBeforeGreeting = code === 'ECONNECTION' && command === undefined;
  const tooSlow = timeoutType !== undefined && timeoutType !== 'SOCKET_TIMEOUT';
  const neverConnected =
    closedBeforeGreeting || tooSlow || syscall === 'connect' || setUpFaults.has(code ?? '');
  // The mail may have been accepted before the connection broke. It is sent again with the same Message-ID.
  return { outcome: neverConnected ? 'pause' : 'retry', reason };
}

/** The session could not be set up: DNS, connection, TLS, login, or our sender address. */
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

function isSenderProblem(stage: string, code: number, details: string[]): boolean {
  // Before RCPT a refusal is not about the recipient. MAIL may be about the size or the alphabet of this mail.
  if (!['MAIL', 'RCPT', 'DATA'].includes(stage)) return true;
  if (stage === 'MAIL') return code !== 552 && !details.some((detail) => ofThisMail.has(detail));
  return accountCodes.has(code) || details.some((detail) => ofSender.has(detail));
}

/** Replies about the session or the login, at any stage (RFC 5321, 4.2.3; RFC 4954, 6; RFC 3207). */
const accountCodes = new Set([432, 454, 500, 502, 504, 521, 523, 530, 534, 535, 538]);

/** Message too big; non-ASCII addresses not permitted (RFC 6531). */
const ofThisMail = new Set(['3.4', '6.7', '6.9']);

/**
 * The sender's address (X.1.7, X.1.8), login, encryption and account (X.7.8 to X.7.14), DKIM, SPF, DMARC and reverse
 * DNS (X.7.20 to X.7.27, X.7.29), and rate limit (X.7.28).
 */
const ofSender = new Set([
  ...['1.7', '1.8', '7.8', '7.9', '7.10', '7.11', '7.12', '7.13', '7.14'],
  ...['7.20', '7.21', '7.22', '7.23', '7.24', '7.25', '7.26', '7.27', '7.28', '7.29'],
]);

function classifyReply(code: number, details: string[], reason: string): SendResult {
  // 503 means that the session is in the wrong state, not that this mail is refused.
  if (code < 500 || code === 503 || details.includes('transient')) return { outcome: 'retry', reason };
  // RFC 7504: the domain of the recipient accepts no mail at all.
  const dead = details.length > 0 ? details.every((detail) => isDeadMailbox(detail)) : code === 556;
  return dead ? { outcome: 'refused', reason, noMailbox: true } : { outcome: 'refused', reason };
}

/**
 * No such mailbox, no such domain, moved without a new address, null MX (RFC 7505), permanently disabled. A bare 550 is
 * not included, because RFC 5321 also uses it for policy.
 */
const deadMailbox = new Set(['1.1', '1.2', '1.6', '1.10', '2.1']);

/** `detail`: subject and detail of an enhanced code of class 5, e.g. `1.1`. */
export function isDeadMailbox(detail: string): boolean {
  return deadMailbox.has(detail);
}

/** Subject and detail of each enhanced code in a reply, e.g. `1.1`; `transient` for a class 4 code in a class 5 reply. */
function enhancedCodes(response: string): string[] {
  const codes = new Set<string>();
  for (const [, reply, status, detail] of response.matchAll(
    /^(\d)\d\d[ -]#?([245])\.(\d{1,3}\.\d{1,3})\b/gm,
  )) {
    codes.add(reply === '5' && status === '4' ? 'transient' : (detail as string));
  }
  return [...codes];
}
