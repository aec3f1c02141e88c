import type { App } from '#src/app/app.ts';
import { wideHash } from '#src/people/contact-points.ts';
import { decryptText, unwrapPersonKey } from '#src/people/encryption.ts';

const rowsAtOnce = 500;

/**
 * Fills `contact_points.wide_hash` of rows that are older than this column. No migration can do it, because it needs the
 * keys. Decisions do not wait for it. One call fills one portion.
 */
export async function fillWideHashes(app: App): Promise<{ filled: number }> {
  const rows = await app.db
    .selectFrom('contact_points')
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .select(['contact_points.id', 'contact_points.channel', 'contact_points.lookup_hash'])
    .select(['contact_points.value_enc', 'people.key_wrapped'])
    .where('contact_points.wide_hash', '=', '?')
    .limit(rowsAtOnce)
    .execute();
  if (rows.length === 0) return { filled: 0 };
  const hashes = rows.map(({ id, channel, lookup_hash, value_enc, key_wrapped }) => {
    const listed = lookup_hash !== null && value_enc !== null && key_wrapped !== null;
    const compared = listed && (channel === 'email' || channel === 'post');
    return {
      id,
      hash: compared
        ? wideHash(app.keys, channel, decryptText(unwrapPersonKey(app.keys, key_wrapped), value_enc))
        : null,
    };
  });
  await app.db.transaction().execute(async (tx) => {
    const none = hashes.filter(({ hash }) => hash === null).map(({ id }) => id);
    if (none.length > 0) {
      await tx.updateTable('contact_points').set({ wide_hash: null }).where('id', 'in', none).execute();
    }
    for (const { id, hash } of hashes) {
      if (hash === null) continue;
      await tx
        .updateTable('contact_points')
        .set({ wide_hash: hash })
        .where('id', '=', id)
        // A contact point that was erased meanwhile must stay without a hash.
        .where('wide_hash', '=', '?')
        .execute();
    }
  });
  return { filled: rows.length };
}
