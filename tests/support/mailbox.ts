import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';

/** A mail as its reader finds it. */
export interface ReadMail {
  id: string;
  kind: string;
  to: string;
  from: string;
  subject: string;
  text: string;
  html: string;
  /** By their names in lower case. */
  headers: Record<string, string>;
  source: string;
  /** Paths of the links that a reader can follow. */
  links: { confirm?: string; manage?: string; unsubscribe?: string };
  code: string | undefined;
}

/** Every mail in the folder of `MAIL_TRANSPORT=file`, oldest first. */
export async function mailsIn(dir: string): Promise<ReadMail[]> {
  const names = await readdir(dir).catch(() => []);
  const ids = names.filter((name) => /^[\w-]+\.eml$/.test(name)).sort();
  return Promise.all(ids.map((name) => mailIn(dir, name)));
}

// Whoever waits for a mail looks again and again, and a mail that is there does not change.
const known = new Map<string, Promise<ReadMail>>();

async function mailIn(dir: string, name: string): Promise<ReadMail> {
  const path = join(dir, name);
  const { ino, mtimeMs } = await stat(path);
  const version = `${path} ${ino} ${mtimeMs}`;
  const mail = known.get(version) ?? readFile(path).then((source) => readMail(name.slice(0, -4), source));
  known.set(version, mail);
  return mail;
}

/** The mails to one address, oldest first. */
export async function mailsTo(dir: string, address: string): Promise<ReadMail[]> {
  return (await mailsIn(dir)).filter((mail) => mail.to === address);
}

/** Reads a mail's source the way a mail program does. */
export async function readMail(id: string, source: Buffer | string): Promise<ReadMail> {
  const mail = await PostalMime.parse(source);
  const text = mail.text ?? '';
  const headers = Object.fromEntries(mail.headers.map(({ key, value }) => [key, value]));
  const path = (start: string) => new RegExp(`https?://[^/\\s]+(/${start}/[\\w-]+)`).exec(text)?.[1];
  return {
    id,
    kind: headers['x-jawort-mail'] ?? '',
    to: mail.to?.[0]?.address ?? '',
    from: mail.from?.address ?? '',
    subject: mail.subject ?? '',
    text,
    html: mail.html ?? '',
    headers,
    source: source.toString('utf8'),
    links: { confirm: path('confirm'), manage: path('p'), unsubscribe: path('u') },
    code: /^ {4}(\d{6})$/m.exec(text)?.[1],
  };
}
