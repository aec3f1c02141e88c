import { type Kysely, sql } from 'kysely';

const tables = [
  `CREATE TABLE webhooks (
    id text PRIMARY KEY,
    url text NOT NULL,
    events text NOT NULL,
    secret_enc text NOT NULL,
    old_secret_enc text,
    old_secret_until text,
    position integer NOT NULL,
    created_at text NOT NULL,
    removed_at text)`,
  `CREATE TABLE webhook_deliveries (
    id text PRIMARY KEY,
    webhook_id text NOT NULL REFERENCES webhooks (id),
    body text NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    due_at text NOT NULL,
    last_answer text,
    created_at text NOT NULL)`,
  `CREATE INDEX webhook_deliveries_due ON webhook_deliveries (due_at) WHERE state = 'due'`,
  `CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, state)`,
];

export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of tables) await sql.raw(statement).execute(db);
}
