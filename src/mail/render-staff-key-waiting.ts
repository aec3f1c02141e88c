import { staffKeyWaitingMail } from '#emails/staff-key-waiting.ts';
import { decryptJson } from '#src/people/encryption.ts';
import { paths } from '#src/routes.ts';
import type { MailParams } from './outbox.ts';
import { type Renderer, siteOf } from './rendered-mail.ts';

export const renderStaffKeyWaiting: Renderer = async (app, mails) => {
  const controllers = await app.db.selectFrom('controllers').selectAll().orderBy('created_at').execute();
  return mails.map(({ row, person }) => {
    const { keyId, keyName, maker } = decryptJson<MailParams['staff-key-waiting']>(
      person.key,
      row.params_enc,
    );
    const mail = staffKeyWaitingMail({
      locale: row.locale,
      controllers,
      site: siteOf(app),
      keyName,
      maker,
      madeAt: row.created_at,
      url: app.config.baseUrl + paths.staffKeys({ review: keyId }),
      reference: row.id,
    });
    return { ...mail, replyTo: controllers[0]?.privacy_email ?? app.config.mail.from };
  });
};
