import { type Db, isOneOf } from '#db/connect.ts';
import type { App } from '#src/app.ts';
import { csvCell } from '#src/decisions/scrub/csv-cell.ts';
import { decryptText, unwrapPersonKey } from '#src/people/encryption.ts';

const rowsAtOnce = 1000;
const cell = csvCell(',');

/**
 * The block list as CSV. Addresses stand as keyed hashes: whoever holds the list can recognise an address
 * only together with this instance, and the list is no list of addresses (Art. 5 Abs. 1 lit. c DSGVO). A sending
 * tool that cannot ask us needs them plain; an address that was blocked before we knew it has only its hash.
 */
export async function* exportSuppressions(app: App, { plain }: { plain: boolean }): AsyncGenerator<string> {
  const columns = ['channel', ...(plain ? ['contact_point'] : []), 'address_hash'];
  yield `${[...columns, 'purpose', 'reason', 'since', 'until'].join(',')}\r\n`;
  let after = '';
  for (;;) {
    const rows = await blockedAfter(app.db, after);
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    const known = plain ? await addressesOf(app, rows) : new Map<string, string>();
    yield rows
      .map(({ channel, lookup_hash, purpose, reason, created_at, until }) => {
        const address = plain ? [known.get(lookup_hash)] : [];
        const cells = [channel, ...address, lookup_hash, purpose, reason, created_at, until];
        return `${cells.map((text) => cell(text ?? '')).join(',')}\r\n`;
      })
      .join('');
  }
}

async function blockedAfter(db: Db, after: string) {
  return db
    .selectFrom('suppressions')
    .leftJoin('purposes', 'purposes.id', 'suppressions.purpose_id')
    .selectAll('suppressions')
    .select('purposes.key as purpose')
    .where('suppressions.lifted_at', 'is', null)
    .where('suppressions.reason', '<>', 'not_me')
    .where('suppressions.id', '>', after)
    .orderBy('suppressions.id')
    .limit(rowsAtOnce)
    .execute();
}

async function addressesOf(app: App, rows: { lookup_hash: string }[]): Promise<Map<string, string>> {
  const hashes = rows.map(({ lookup_hash }) => lookup_hash);
  const points = await app.db
    .selectFrom('contact_points')
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .select(['contact_points.lookup_hash', 'contact_points.value_enc', 'people.key_wrapped'])
    .where(isOneOf(app.db, 'contact_points.lookup_hash', hashes))
    .execute();
  return new Map(
    points.flatMap(({ lookup_hash, value_enc, key_wrapped }): [string, string][] =>
      lookup_hash && value_enc && key_wrapped
        ? [[lookup_hash, decryptText(unwrapPersonKey(app.keys, key_wrapped), value_enc)]]
        : [],
    ),
  );
}
