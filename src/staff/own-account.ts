import type { Locale } from '#db/schema.ts';
import type { App } from '#src/app.ts';
import type { Actor } from './actor.ts';
import { recordAudit } from './audit.ts';

export async function changeOwnLocale(app: App, actor: Actor, locale: Locale | null): Promise<void> {
  await app.db.transaction().execute(async (tx) => {
    await tx.updateTable('staff').set({ locale }).where('id', '=', actor.id).execute();
    await recordAudit(tx, app.now().toISOString(), actor, 'account.language', `staff:${actor.id}`, {
      locale,
    });
  });
}
