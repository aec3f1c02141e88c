import { staffLinkMail } from '#emails/staff-link.ts';
import { decryptJson } from '#src/people/encryption.ts';
import type { StaffLinkParams } from './outbox.ts';
import { type Renderer, siteOf } from './rendered-mail.ts';

export const renderStaffLink: Renderer = async (app, mails) => {
  const controllers = await app.db.selectFrom('controllers').selectAll().orderBy('created_at').execute();
  return mails.map(({ row, person }) => {
    const { hours } = decryptJson<StaffLinkParams>(person.key, row.params_enc);
    const mail = staffLinkMail({
      locale: row.locale,
      kind: row.kind === 'staff-invitation' ? 'staff-invitation' : 'staff-password-reset',
      controllers,
      site: siteOf(app),
      validUntil: new Date(Date.parse(row.created_at) + hours * 3_600_000).toISOString(),
      reference: row.id,
    });
    return { ...mail, replyTo: controllers[0]?.privacy_email ?? app.config.mail.from };
  });
};
