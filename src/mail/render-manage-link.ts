import { manageLinkMail } from '#emails/manage-link.ts';
import { freshHours } from '#src/links/signed-link.ts';
import { decryptJson } from '#src/people/encryption.ts';
import type { MailParams } from './outbox.ts';
import { type Renderer, siteOf } from './rendered-mail.ts';

export const renderManageLink: Renderer = async (app, mails, at) => {
  const controllers = await app.db.selectFrom('controllers').selectAll().orderBy('created_at').execute();
  const freshUntil = new Date(at.getTime() + freshHours * 60 * 60 * 1000).toISOString();
  return mails.map(({ row, person }) => {
    const { because } = decryptJson<MailParams['manage-link']>(person.key, row.params_enc);
    const mail = manageLinkMail({
      locale: row.locale,
      controllers,
      because,
      site: siteOf(app),
      at: row.created_at,
      freshUntil,
      reference: row.id,
    });
    return { ...mail, replyTo: controllers[0]?.privacy_email ?? '' };
  });
};
