import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';

/** A mail in the folder of `MAIL_TRANSPORT=file`. For the demo only. */
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

/** Newest first. Ids start with their time, so sorting by name is enough. */
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

/** `undefined` if there is no mail with this id. */
export async function readMail(dir: string, id: string): Promise<OpenedMail | undefined> {
  if (!idPattern.test(id)) return undefined;
  const source = await readFile(join(dir, `${id}.eml`)).catch(() => undefined);
  return source && opened(id, source.toString('utf8'), await PostalMime.parse(source));
}

/** A UUID only, so that an id cannot contain a path. */
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
