import { staffLogUnwatchedMail } from '#emails/staff-log-unwatched.ts';
import { decryptJson } from '#src/people/encryption.ts';
import { paths } from '#src/routes.ts';
import type { MailParams } from './outbox.ts';
import { type Renderer, siteOf } from './rendered-mail.ts';

export const renderStaffLogUnwatched: Renderer = async (app, mails) => {
  const controllers = await app.db.selectFrom('controllers').selectAll().orderBy('created_at').execute();
  return mails.map(({ row, person }) => {
    const params = decryptJson<MailParams['staff-log-unwatched']>(person.key, row.params_enc);
    const mail = staffLogUnwatchedMail({
      locale: row.locale,
      controllers,
      site: siteOf(app),
      witness: /^witness (.+)$/.exec(params.watcher)?.[1],
      problem: params.problem,
      since: params.since,
      url: app.config.baseUrl + paths.log(),
      reference: row.id,
    });
    return { ...mail, replyTo: controllers[0]?.privacy_email ?? app.config.mail.from };
  });
};
