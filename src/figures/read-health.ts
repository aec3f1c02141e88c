import { sql } from 'kysely';
import type { App } from '#src/app/app.ts';
import { type LedgerCheck, lastLedgerCheck } from './ledger-check.ts';

export interface Health {
  mailsWaiting: number;
  /** When the longest waiting mail was due; null when no mail is late. */
  mailsLateSince: string | null;
  /** Mails given up in the last thirty days. */
  mailsFailed: number;
  webhooksFailed: number;
  textsWaiting: number;
  textWaitsSince: string | null;
  /** The last verification of the ledger. */
  ledgerCheck: LedgerCheck | null;
}

// The conditions repeat those of partial indexes exactly, so that counting reads indexes only.
export async function readHealth({ db, now }: Pick<App, 'db' | 'now'>): Promise<Health> {
  const at = now();
  const monthAgo = new Date(at.getTime() - 30 * 86_400_000).toISOString();
  const [mails, failed, webhooks, texts, check] = await Promise.all([
    db
      .selectFrom('mails')
      .select((eb) => [eb.fn.countAll().as('count'), eb.fn.min('due_at').as('oldest')])
      .where(sql<boolean>`state IN ('queued', 'sending')`)
      .executeTakeFirst(),
    db
      .selectFrom('mails')
      .select((eb) => eb.fn.countAll().as('count'))
      .where(sql<boolean>`state = 'failed'`)
      .where('created_at', '>=', monthAgo)
      .executeTakeFirst(),
    db
      .selectFrom('webhook_deliveries')
      .innerJoin('webhooks', 'webhooks.id', 'webhook_deliveries.webhook_id')
      .select((eb) => eb.fn.countAll().as('count'))
      .where('webhook_deliveries.state', '=', 'dead')
      .where('webhooks.removed_at', 'is', null)
      .executeTakeFirst(),
    db
      .selectFrom('consent_text_versions as version')
      .innerJoin('consent_text_steps as step', 'step.version_id', 'version.id')
      .select((eb) => eb.fn.max('step.at').as('since'))
      .where('version.state', '=', 'in_review')
      .where('step.kind', '=', 'sent_to_review')
      .groupBy('version.id')
      .execute(),
    lastLedgerCheck({ db }),
  ]);
  const oldest = mails?.oldest ?? null;
  return {
    mailsWaiting: Number(mails?.count ?? 0),
    mailsLateSince: oldest !== null && oldest < at.toISOString() ? oldest : null,
    mailsFailed: Number(failed?.count ?? 0),
    webhooksFailed: Number(webhooks?.count ?? 0),
    textsWaiting: texts.length,
    textWaitsSince: texts.map(({ since }) => since).sort()[0] ?? null,
    ledgerCheck: check,
  };
}
