import type { MailTable } from '#db/schema/mails.ts';
import type { App } from '#src/app/app.ts';
import { mimeSource } from '#src/mail/mime.ts';
import type { MailParams } from '#src/mail/outbox.ts';
import { messageIdOf } from '#src/mail/outgoing.ts';
import type { RenderedMail } from '#src/mail/rendered-mail.ts';
import { contactPointValue, type PersonWithKey } from '#src/people/contact-points.ts';
import { decryptJson, decryptText } from '#src/people/encryption.ts';
import { compare } from './by-then.ts';
import { readLogPlaces } from './log-places.ts';
import type { StoryMail, StoryMailContent } from './story-documents.ts';

/** Of which mails the story tells. */
export interface WhichMails {
  /** Null: of all. */
  signupIds: string[] | null;
  /** `{purpose}:{channel}` that a notice tells about. Null: all. */
  about: string | null;
}

/** The mails to a person that had been sent or given up by then. */
export async function readMails(
  { db, config }: Pick<App, 'db' | 'config'>,
  person: PersonWithKey,
  which: WhichMails,
  at: string,
): Promise<StoryMail[]> {
  const rows = await db
    .selectFrom('mails')
    .selectAll()
    .where('person_id', '=', person.id)
    .where('created_at', '<=', at)
    .where('state', 'in', ['sent', 'failed'])
    .orderBy('created_at')
    .execute();
  const wanted = rows.filter((row) => (row.sent_at ?? '') <= at && isAbout(person, row, which));
  const points = await db
    .selectFrom('contact_points')
    .selectAll()
    .where('person_id', '=', person.id)
    .execute();
  const placesOf = await readLogPlaces(
    db,
    wanted.map(({ id }) => id),
    at,
  );
  const mails = wanted.map((row): StoryMail => {
    const point = points.find(({ id }) => id === row.contact_point_id);
    const rendered = row.content_enc === null ? null : openCopy(person, row.content_enc);
    const from = rendered?.mail.from ?? config.mail.from;
    const to = rendered?.mail.to ?? (point ? contactPointValue(person, point) : '');
    const envelope = { from, to, messageId: messageIdOf(row.id, from) };
    return {
      id: row.id,
      kind: row.kind,
      state: row.state,
      locale: row.locale,
      contactPointId: row.contact_point_id,
      signupId: row.signup_id,
      ...envelope,
      createdAt: row.created_at,
      sentAt: row.sent_at,
      attempts: row.attempts,
      providerId: row.provider_id,
      answer: row.provider_answer,
      content: rendered && contentOf(row, rendered, envelope),
      log: placesOf('mail', row.id),
    };
  });
  return mails.sort((a, b) => compare(a.sentAt ?? a.createdAt, b.sentAt ?? b.createdAt));
}

function isAbout(person: PersonWithKey, row: MailTable, { signupIds, about }: WhichMails): boolean {
  if (signupIds === null) return true;
  if (row.signup_id !== null) return signupIds.includes(row.signup_id);
  if (row.kind !== 'permissions-changed') return false;
  const { changes } = decryptJson<MailParams['permissions-changed']>(person.key, row.params_enc);
  return changes.some(({ purpose, channel }) => `${purpose}:${channel}` === about);
}

interface StoredCopy {
  json: string;
  mail: RenderedMail;
}

function openCopy(person: PersonWithKey, contentEnc: string): StoredCopy {
  const json = decryptText(person.key, contentEnc);
  return { json, mail: JSON.parse(json) as RenderedMail };
}

/** Links and code stay gaps: they still work, or did. */
function contentOf(
  row: MailTable,
  { json, mail }: StoredCopy,
  envelope: { from: string; to: string; messageId: string },
): StoryMailContent {
  const { subject, text, html, replyTo, renderedAt } = mail;
  const eml = mimeSource({
    id: row.id,
    kind: row.kind,
    ...envelope,
    replyTo,
    subject,
    text,
    html,
    date: new Date(renderedAt),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Jawort-Mail': row.kind },
  });
  return {
    subject,
    text,
    html,
    eml,
    salted: row.commitment === null ? null : json,
    commitment: row.commitment,
  };
}
