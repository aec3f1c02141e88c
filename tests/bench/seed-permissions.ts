/** Fills a database with contact points and permissions, straight into its tables: the acts would take hours. */
import { createHash } from 'node:crypto';
import type { Db } from '#db/connect.ts';
import type { App } from '#src/app.ts';
import { lookupHash } from '#src/people/contact-points.ts';

export interface Seeded {
  people: number;
  permissions: number;
}

const rowsAtOnce = 1000;

/** Person `n` has the mailbox `p{n}@bench.example` and a permission for each e-mail purpose. */
export async function seedPermissions(app: App, people: number): Promise<Seeded> {
  const { db } = app;
  const purposes = await db
    .selectFrom('purposes')
    .innerJoin('purpose_channels', 'purpose_channels.purpose_id', 'purposes.id')
    .innerJoin('consent_texts', (join) =>
      join
        .onRef('consent_texts.purpose_id', '=', 'purposes.id')
        .onRef('consent_texts.channel', '=', 'purpose_channels.channel'),
    )
    .select(['purposes.id', 'consent_texts.live_version_id'])
    .where('purpose_channels.channel', '=', 'email')
    .where('consent_texts.locale', '=', 'de')
    .execute();
  const at = '2026-10-01T08:00:00.000Z';
  for (let from = 0; from < people; from += rowsAtOnce) {
    const numbers = Array.from({ length: Math.min(rowsAtOnce, people - from) }, (_, index) => from + index);
    await insert(db, numbers, app, purposes, at);
  }
  return { people, permissions: people * purposes.length };
}

async function insert(
  db: Db,
  numbers: number[],
  app: App,
  purposes: { id: string; live_version_id: string | null }[],
  at: string,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('people')
      .values(
        numbers.map((n) => ({
          id: idOf('person', n),
          key_wrapped: null,
          details_enc: null,
          locale: 'de' as const,
          created_at: at,
          erased_at: null,
        })),
      )
      .execute();
    await tx
      .insertInto('contact_points')
      .values(
        numbers.map((n) => ({
          id: idOf('point', n),
          person_id: idOf('person', n),
          channel: 'email' as const,
          lookup_hash: lookupHash(app.keys, 'email', `p${n}@bench.example`),
          value_enc: null,
          link_generation: 0,
          source: 'bench',
          verified_at: at,
          created_at: at,
          erased_at: null,
        })),
      )
      .execute();
    for (const [index, purpose] of purposes.entries()) {
      await tx
        .insertInto('permissions')
        .values(
          numbers.map((n) => ({
            id: idOf(`permission ${index}`, n),
            contact_point_id: idOf('point', n),
            purpose_id: purpose.id,
            channel: 'email' as const,
            state: n % 10 === 0 ? ('withdrawn' as const) : ('granted' as const),
            settled_state: n % 10 === 0 ? ('withdrawn' as const) : ('granted' as const),
            pending_signup_id: null,
            basis: 'consent' as const,
            text_version_id: purpose.live_version_id,
            evidence_grade: 'A' as const,
            channel_verified: 1,
            granted_at: at,
            since: at,
            last_used_at: null,
            valid_until: null,
            last_event_id: idOf('event', n),
            event_count: 1,
            created_at: at,
          })),
        )
        .execute();
    }
  });
}

/** Scattered like the ids of people who came in another order than they are asked about. */
function idOf(kind: string, n: number): string {
  const hex = createHash('md5').update(`${kind} ${n}`).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
