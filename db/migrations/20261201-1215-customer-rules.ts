import { type Kysely, sql } from 'kysely';

/** What legal has approved for advertising to existing customers (§ 7 Abs. 3 UWG): see `db/schema/customer-rules.ts`. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    `CREATE TABLE customer_rules (
      id text PRIMARY KEY,
      controller_id text NOT NULL REFERENCES controllers (id),
      kind text NOT NULL CHECK (kind IN ('similar_line', 'account', 'notice')),
      line text,
      similar_to text,
      reason text NOT NULL,
      proposed_by text NOT NULL,
      proposed_at text NOT NULL,
      approved_by text,
      approved_at text,
      retired_by text,
      retired_at text,
      CHECK (approved_by IS NULL OR approved_by <> proposed_by))`,
    `CREATE UNIQUE INDEX customer_rules_open ON customer_rules
      (controller_id, kind, coalesce(line, ''), coalesce(similar_to, '')) WHERE retired_at IS NULL`,
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
