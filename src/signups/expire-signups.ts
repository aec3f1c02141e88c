import type { Fence, Tx } from '#db/connect.ts';
import { lockRows } from '#db/locks.ts';
import type { App } from '#src/app/app.ts';
import { append } from '#src/ledger/append.ts';

/** Ends requests whose link has run out. Returns how many. */
export async function expireSignups(app: App, fence?: Fence, most = 100): Promise<number> {
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    await fence?.(tx);
    const due = await tx
      .selectFrom('signups')
      .select(['id', 'contact_point_id'])
      .where('state', '=', 'open')
      .where('expires_at', '<=', at)
      .orderBy('expires_at')
      .limit(most)
      .execute();
    if (due.length === 0) return 0;
    await lockRows(
      tx,
      'contact_points',
      due.map((row) => row.contact_point_id),
    );
    // Checked again by the UPDATE: another process may be doing the same.
    const expired = await tx
      .updateTable('signups')
      .set({ state: 'expired', answered_at: at })
      .where(
        'id',
        'in',
        due.map((row) => row.id),
      )
      .where('state', '=', 'open')
      .where('expires_at', '<=', at)
      .returningAll()
      .execute();
    await appendExpired(
      tx,
      at,
      expired.filter((row) => row.test === 0).map(({ id }) => id),
    );
    return expired.length;
  });
}

async function appendExpired(tx: Tx, at: string, signupIds: string[]): Promise<void> {
  if (signupIds.length === 0) return;
  const items = await tx.selectFrom('signup_items').selectAll().where('signup_id', 'in', signupIds).execute();
  await append(
    tx,
    at,
    items.map((item) => ({
      kind: 'expired',
      contact_point_id: item.contact_point_id,
      purpose_id: item.purpose_id,
      channel: item.channel,
      basis: 'consent',
      text_version_id: item.text_version_id,
      form_version_id: null,
      signup_id: item.signup_id,
      origin: 'system',
      actor: 'system',
      evidence_grade: null,
      channel_verified: 0,
    })),
  );
}
