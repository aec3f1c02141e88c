import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mimeSource } from './mime.ts';
import type { OutgoingMail, SendResult, Transport } from './transport.ts';

/** Writes one `.eml` file per mail, named by its id, so that a repeated mail replaces the first. */
export function fileTransport(dir: string): Transport {
  return {
    name: 'file',
    batch: 50,
    asBatch: false,
    async send(mails) {
      // Each time, because the folder may be deleted while the server runs.
      await mkdir(dir, { recursive: true }).catch(() => undefined);
      // Two at a time, because SQLite needs the same thread pool.
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
    // A full disk or a read-only folder affects every mail.
    return { outcome: 'pause', reason: (error as Error).message };
  }
}
