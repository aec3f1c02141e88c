import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mimeSource } from './mime.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

/** One `.eml` a mail in a folder. Its name is its id, so a mail that is written twice is still one. */
export function fileTransport(dir: string): Transport {
  return {
    name: 'file',
    batch: 50,
    together: false,
    async send(mails) {
      // Asked each time: the folder may be emptied and taken away while the server runs.
      await mkdir(dir, { recursive: true }).catch(() => undefined);
      // Two at a time: the threads that write files are the ones that SQLite needs.
      const half = Math.ceil(mails.length / 2);
      const written = await Promise.all([
        writeAll(dir, mails.slice(0, half)),
        writeAll(dir, mails.slice(half)),
      ]);
      return written.flat();
    },
    async close() {},
  };
}

async function writeAll(dir: string, mails: OutgoingMail[]): Promise<SendResult[]> {
  const results: SendResult[] = [];
  for (const mail of mails) results.push(await write(dir, mail));
  return results;
}

async function write(dir: string, mail: OutgoingMail): Promise<SendResult> {
  const unfinished = join(dir, `.${mail.id}.part`);
  try {
    await writeFile(unfinished, mimeSource(mail, '8bit'), { flush: true });
    await rename(unfinished, join(dir, `${mail.id}.eml`));
    return { outcome: 'sent', providerId: null, answer: 'written to disk' };
  } catch (error) {
    // A full disk or a folder that may not be written to is no fault of the mail.
    return { outcome: 'pause', reason: (error as Error).message };
  }
}
