import { createTransport } from 'nodemailer';
import { mimeSource } from './mime.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

/** Any mail server, over a few connections that stay open. */
export function smtpTransport(url: string): Transport {
  const pool = createTransport({
    url,
    pool: true,
    maxConnections: 5,
    // Whether to try again, and when, is the outbox's to say.
    maxRequeues: 0,
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
      return failure(error as SmtpError);
    }
  };
  return {
    name: 'smtp',
    batch: 50,
    together: false,
    send: (mails) => Promise.all(mails.map(sendOne)),
    async close() {
      pool.close();
    },
  };
}

type SmtpError = Error & { code?: string; responseCode?: number };

/** An answer about this mail that begins with 5 is final. Everything else may be better later, a log-in too. */
function failure({ code, responseCode, message }: SmtpError): SendResult {
  const aboutThisMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  const final = aboutThisMail && (responseCode === undefined || responseCode >= 500);
  return { outcome: final ? 'refused' : 'retry', reason: `${code ?? 'error'}: ${message}` };
}
