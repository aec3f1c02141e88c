import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import MailComposer from 'nodemailer/lib/mail-composer';
import { mimeOptions } from './mime.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

/** One `.eml` a mail in a folder. Its name is its id, so a mail that is written twice is still one. */
export function fileTransport(dir: string): Transport {
  return {
    name: 'file',
    batch: 50,
    together: false,
    async send(mails) {
      const results: SendResult[] = [];
      // One after the other: the threads that write files are the ones SQLite needs.
      for (const mail of mails) results.push(await write(dir, mail));
      return results;
    },
    async close() {},
  };
}

async function write(dir: string, mail: OutgoingMail): Promise<SendResult> {
  try {
    const source = await new MailComposer(mimeOptions(mail)).compile().build();
    await mkdir(dir, { recursive: true });
    const name = `${mail.id}.eml`;
    await writeDurably(join(dir, `.${name}.part`), source);
    await rename(join(dir, `.${name}.part`), join(dir, name));
    return { outcome: 'sent', providerId: null, answer: 'written to disk' };
  } catch (error) {
    return { outcome: 'retry', reason: (error as Error).message };
  }
}

async function writeDurably(path: string, source: Buffer): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(source);
    await file.sync();
  } finally {
    await file.close();
  }
}
