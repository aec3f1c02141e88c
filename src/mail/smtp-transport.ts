import { createTransport } from 'nodemailer';
import { mimeSource } from './mime.ts';
import { classifySmtpError, type SmtpError } from './smtp-answer.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

const connections = 5;

/** Sends to a mail server over a pool of open connections. With `requireTls`, no connection is used without TLS. */
export function smtpTransport(url: string, { requireTls }: { requireTls: boolean }): Transport {
  const pool = createTransport({
    url,
    requireTLS: requireTls,
    pool: true,
    maxConnections: connections,
    // One retry on a new connection, in case the server closed the pooled one. All other retries are up to the outbox.
    maxRequeues: 1,
    dnsTimeout: 10_000,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  });
  const sendOne = async (mail: OutgoingMail): Promise<SendResult> => {
    try {
      const envelope = { from: mail.from, to: [{ name: '', address: mail.to }] };
      const { response } = await pool.sendMail({ envelope, raw: mimeSource(mail) });
      return { outcome: 'sent', providerId: mail.messageId, answer: response };
    } catch (error) {
      return explainMissingTls(error as SmtpError, classifySmtpError(error as SmtpError));
    }
  };
  return {
    name: 'smtp',
    batch: 50,
    asBatch: false,
    send: (mails) => sendUntilPaused(mails, sendOne),
    async close() {
      pool.close();
    },
  };
}

/** Stops when the server refuses us, because fifty failed logins would lock the account. */
async function sendUntilPaused(
  mails: OutgoingMail[],
  sendOne: (mail: OutgoingMail) => Promise<SendResult>,
): Promise<SendResult[]> {
  const results: SendResult[] = [];
  const next = mails.entries();
  let paused: string | undefined;
  const sendNext = async () => {
    for (const [index, mail] of next) {
      const result: SendResult =
        paused === undefined ? await sendOne(mail) : { outcome: 'pause', reason: paused, untried: true };
      if (result.outcome === 'pause') paused ??= result.reason;
      results[index] = result;
    }
  };
  await Promise.all(Array.from({ length: connections }, sendNext));
  return results;
}

/**
 * Adds an explanation to TLS errors: nothing was sent. A TLS error of certificate or protocol is reported as a socket
 * error without a system call.
 */
function explainMissingTls(error: SmtpError, result: SendResult): SendResult {
  const { code, command, syscall } = error;
  const ofTls = code === 'ETLS' || command === 'STARTTLS' || (code === 'ESOCKET' && syscall === undefined);
  if (!ofTls || !('reason' in result)) return result;
  const reason = `no TLS with the mail server, so neither login nor mail was sent (SMTP_REQUIRE_TLS): ${result.reason}`;
  return { outcome: 'pause', reason };
}
