import { createTransport } from 'nodemailer';
import { mimeSource } from './mime.ts';
import { judgeSmtpError, type SmtpError } from './smtp-answer.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

const connections = 5;

/** Any mail server, over a few connections that stay open. With `requireTls` none of them is used without TLS. */
export function smtpTransport(url: string, { requireTls }: { requireTls: boolean }): Transport {
  const pool = createTransport({
    url,
    requireTLS: requireTls,
    pool: true,
    maxConnections: connections,
    // Once, for a kept connection that the server has closed meanwhile: on a new one its real answer is heard. Apart from
    // that, whether to try again, and when, is the outbox's to say.
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
      return explainMissingTls(error as SmtpError, judgeSmtpError(error as SmtpError));
    }
  };
  return {
    name: 'smtp',
    batch: 50,
    together: false,
    send: (mails) => sendUntilPaused(mails, sendOne),
    async close() {
      pool.close();
    },
  };
}

/** A few at a time. Once the server refuses us, the rest is not tried: fifty failed log-ins would lock the account. */
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
 * Without TLS nothing was handed over, whichever mail it was. nodemailer's own words name neither what was kept back nor
 * what to do. An error of TLS itself (a certificate, a protocol) comes as one of the socket that no system call made.
 */
function explainMissingTls(error: SmtpError, judged: SendResult): SendResult {
  const { code, command, syscall } = error;
  const ofTls = code === 'ETLS' || command === 'STARTTLS' || (code === 'ESOCKET' && syscall === undefined);
  if (!ofTls || !('reason' in judged)) return judged;
  const reason = `no TLS with the mail server, so neither log-in nor mail was sent (SMTP_REQUIRE_TLS): ${judged.reason}`;
  return { outcome: 'pause', reason };
}
