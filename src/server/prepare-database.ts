import { migrate } from '#db/migrate.ts';
import type { App } from '#src/app/app.ts';
import { seedDemo } from '#src/demo/seed-demo.ts';
import { freezeRelease } from '#src/forms/freeze-release.ts';
import { dropStoppedBoxes } from '#src/forms/republish-form.ts';
import { findLostHead } from '#src/log/remembered-head.ts';
import { ensureDemoLog } from '#src/log/start-log.ts';
import { storeSecretCheck } from '#src/people/secret-check.ts';
import { weighAllOldCaptures } from '#src/permissions/weigh-old-captures.ts';
import { currentReceiptKey } from '#src/receipts/receipt-keys.ts';

/** Brings the database up to date, unless it is one that was restored from a backup: then nothing but its tables changes. */
export async function prepareDatabase(app: App): Promise<void> {
  await migrate(app.db);
  app.writesStopped = await findLostHead(app);
  if (app.writesStopped) app.log.error({ reason: app.writesStopped }, 'log.database_restored');
  else await updateRows(app);
}

/** What this release adds to rows, and the demo outside production. */
export async function updateRows(app: App): Promise<void> {
  await storeSecretCheck(app.db, app.keys, app.now());
  await weighAllOldCaptures(app);
  if (!app.config.production && (await seedDemo(app))) app.log.info('demo.seeded');
  const dropped = await dropStoppedBoxes(app);
  if (dropped.length > 0) app.log.warn({ forms: dropped }, 'forms.stopped_texts_dropped');
  await freezeRelease(app);
  await currentReceiptKey(app);
  await ensureDemoLog(app);
}
