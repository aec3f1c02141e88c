import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';

/** The folder of `MAIL_TRANSPORT=file`, read the way a mail program reads. For the demo only. */
export interface ListedMail {
  id: string;
  to: string;
  subject: string;
  /** ISO. */
  date: string;
  kind: string;
}

export interface OpenedMail extends ListedMail {
  headers: { name: string; value: string }[];
  text: string;
  html: string;
  source: string;
}

/** Newest first. Ids begin with their time, so the names alone give the order. */
export async function listMails(dir: string, limit: number): Promise<ListedMail[]> {
  const names = await readdir(dir).catch(() => []);
  const ids = names
    .filter((name) => name.endsWith('.eml'))
    .map((name) => name.slice(0, -'.eml'.length))
    .filter((id) => idPattern.test(id))
    .sort()
    .reverse()
    .slice(0, limit);
  const mails = await Promise.all(ids.map((id) => readMail(dir, id)));
  return mails.flatMap((mail) => (mail ? [listed(mail)] : []));
}

/** `undefined` for what is not the id of a mail in this folder. */
export async function readMail(dir: string, id: string): Promise<OpenedMail | undefined> {
  if (!idPattern.test(id)) return undefined;
  const source = await readFile(join(dir, `${id}.eml`)).catch(() => undefined);
  return source && opened(id, source.toString('utf8'), await PostalMime.parse(source));
}

/** A UUID and nothing else, so that no id leads out of the folder. */
const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function opened(id: string, source: string, mail: Email): OpenedMail {
  return {
    id,
    to: mail.to?.[0]?.address ?? '',
    subject: mail.subject ?? '',
    date: mail.date ?? '',
    kind: mail.headers.find(({ key }) => key === 'x-jawort-mail')?.value ?? '',
    headers: mail.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    text: mail.text ?? '',
    html: mail.html ?? '',
    source,
  };
}

function listed({ id, to, subject, date, kind }: OpenedMail): ListedMail {
  return { id, to, subject, date, kind };
}
