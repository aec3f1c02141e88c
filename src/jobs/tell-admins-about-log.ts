import type { App } from '#src/app/app.ts';
import { defaultLocale } from '#src/i18n/locales.ts';
import { patienceMillis } from '#src/log/watchers.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import { findPerson } from '#src/people/contact-points.ts';

/**
 * Writes to the administrators, once for each failure, when a witness or the time-stamping service of the log has not
 * answered for two hours. Returns how many mails were queued.
 */
export async function tellAdminsAboutLog(app: App): Promise<{ mails: number }> {
  const at = app.now();
  const mails = await app.db.transaction().execute(async (tx) => {
    const failing = await tx
      .updateTable('log_watchers')
      .set({ told_at: at.toISOString() })
      .where('failing_since', '<=', new Date(at.getTime() - patienceMillis).toISOString())
      .where('told_at', 'is', null)
      .returning(['name', 'problem', 'failing_since'])
      .execute();
    if (failing.length === 0) return 0;
    const admins = await tx
      .selectFrom('staff')
      .select(['person_id', 'contact_point_id', 'locale'])
      .where('role', '=', 'admin')
      .where('disabled_at', 'is', null)
      .where('password_hash', 'is not', null)
      .orderBy('id')
      .execute();
    let queued = 0;
    for (const { person_id, contact_point_id: contactPointId, locale } of admins) {
      const person = await findPerson(tx, app.keys, person_id);
      if (!person) continue;
      for (const { name, problem, failing_since } of failing) {
        await enqueueMail(tx, at.toISOString(), {
          kind: 'staff-log-unwatched',
          person,
          contactPointId,
          locale: locale ?? defaultLocale,
          params: { watcher: name, problem: problem ?? '', since: failing_since ?? '' },
        });
        queued += 1;
      }
    }
    return queued;
  });
  if (mails > 0) app.mailsQueued();
  return { mails };
}
