import { sql } from 'kysely';
import type { Fence, Tx } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { defaultLocale } from '#src/i18n/locales.ts';
import { append } from '#src/ledger/append.ts';
import { findPerson } from '#src/people/contact-points.ts';
import { notifyPerson } from './notify-person.ts';
import type { Change } from './withdraw.ts';

/**
 * Records the end of permissions whose text promised an end date, and notifies the people. Decisions deny from that
 * moment on, even before this job runs. It never asks for a new consent: that mail would be advertising (law.md
 * section 8). A permission that was unused for too long gets no event; decisions compute that.
 */
export async function expirePermissions(app: App, fence?: Fence, most = 100): Promise<number> {
  const at = app.now().toISOString();
  const count = await app.db.transaction().execute(async (tx) => {
    await fence?.(tx);
    const found = await due(tx, at).orderBy('permissions.valid_until').limit(most).execute();
    if (found.length === 0) return 0;
    await lockRows(
      tx,
      'contact_points',
      found.map(({ contact_point_id }) => contact_point_id),
    );
    // Read again under the lock: another process may have ended them, or the person renewed the consent.
    const ids = found.map(({ id }) => id);
    const still = await due(tx, at).where('permissions.id', 'in', ids).execute();
    for (const [personId, own] of Map.groupBy(still, ({ person_id }) => person_id)) {
      await expire(tx, app, at, personId, own);
    }
    return still.length;
  });
  if (count > 0) app.mailsQueued();
  return count;
}

interface Due {
  contact_point_id: string;
  purpose_id: string;
  channel: Channel;
  basis: 'consent' | 'existing_customer' | 'presumed' | 'legitimate_interest' | null;
  text_version_id: string | null;
  valid_until: string | null;
  purpose: string;
  locale: Locale;
}

function due(tx: Tx, at: string) {
  return (
    tx
      .selectFrom('permissions')
      .innerJoin('contact_points', 'contact_points.id', 'permissions.contact_point_id')
      .innerJoin('people', 'people.id', 'contact_points.person_id')
      .innerJoin('purposes', 'purposes.id', 'permissions.purpose_id')
      .select(['permissions.id', 'permissions.contact_point_id', 'permissions.purpose_id'])
      .select(['permissions.channel', 'permissions.basis', 'permissions.text_version_id'])
      .select(['permissions.valid_until', 'contact_points.person_id', 'people.locale'])
      .select('purposes.key as purpose')
      // Literal SQL, so that the partial index `permissions_end` is used.
      .where(sql<boolean>`permissions.valid_until is not null and permissions.settled_state = 'granted'`)
      .where('permissions.valid_until', '<=', at)
  );
}

async function expire(tx: Tx, app: App, at: string, personId: string, own: Due[]): Promise<void> {
  const person = await findPerson(tx, app.keys, personId);
  const locale = own[0]?.locale ?? defaultLocale;
  const ends = own.map(({ purpose, channel, valid_until }) => `${purpose}:${channel} ${valid_until}`);
  const evidence =
    person &&
    (await recordEvidence(tx, person, {
      act: 'expiry',
      at,
      locale,
      consents: [],
      action: 'promised end',
      typed: { ends },
    }));
  const after = await append(
    tx,
    at,
    own.map((one) => ({
      kind: 'expired',
      contact_point_id: one.contact_point_id,
      purpose_id: one.purpose_id,
      channel: one.channel,
      basis: one.basis ?? 'consent',
      text_version_id: one.text_version_id,
      form_version_id: null,
      signup_id: null,
      origin: 'system',
      actor: 'system',
      evidence_grade: null,
      channel_verified: 0,
      occurred_at: one.valid_until ?? at,
    })),
    evidence,
  );
  const changes = own.map(
    ({ purpose, channel }, index): Change => ({
      purpose,
      channel,
      from: 'granted',
      to: after[index]?.state ?? 'expired',
    }),
  );
  if (person) await notifyPerson(tx, at, { person, locale }, changes);
}
