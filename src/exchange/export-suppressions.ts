import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { SuppressionTable } from '#db/schema/suppressions.ts';
import type { App } from '#src/app/app.ts';
import { csvCell } from '#src/decisions/scrub/csv-cell.ts';
import { foldRestriction } from '#src/ledger/person-events.ts';
import { decryptText, unwrapPersonKey } from '#src/people/encryption.ts';

const rowsAtOnce = 1000;
const cell = csvCell(',');

/**
 * The block list as CSV. Addresses are keyed hashes: an address can be recognised only with the key of this instance, so
 * the file is no list of addresses (Art. 5(1)(c) GDPR). `plain` is for sending tools that can't ask us; an address that
 * was blocked before it was known has only its hash.
 */
export async function* exportSuppressions(app: App, { plain }: { plain: boolean }): AsyncGenerator<string> {
  const columns = ['channel', ...(plain ? ['contact_point'] : []), 'address_hash'];
  yield `${[...columns, 'purpose', 'reason', 'since', 'until'].join(',')}\r\n`;
  for await (const rows of blocks(app)) {
    const known = plain ? await addressesOf(app, rows) : new Map<string, string>();
    yield rows
      .map(({ channel, lookup_hash, purpose, reason, since, until }) => {
        const address = plain ? [known.get(lookup_hash)] : [];
        const cells = [channel, ...address, lookup_hash, purpose, reason, since, until];
        return `${cells.map((text) => cell(text ?? '')).join(',')}\r\n`;
      })
      .join('');
  }
}

interface Block extends Pick<SuppressionTable, 'channel' | 'lookup_hash' | 'until'> {
  reason: SuppressionTable['reason'] | 'restricted';
  purpose: string | null;
  since: string;
}

async function* blocks(app: App): AsyncGenerator<Block[]> {
  for (let after = ''; ; ) {
    const rows = await blockedAfter(app.db, after);
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
    yield rows;
  }
  for (let after = ''; ; ) {
    const people = await everRestricted(app.db, after);
    const last = people.at(-1);
    if (last === undefined) break;
    after = last;
    yield restrictedNow(app.db, people, app.now().toISOString());
  }
}

async function blockedAfter(db: Db, after: string) {
  return db
    .selectFrom('suppressions')
    .leftJoin('purposes', 'purposes.id', 'suppressions.purpose_id')
    .select(['suppressions.id', 'suppressions.channel', 'suppressions.lookup_hash', 'suppressions.reason'])
    .select(['suppressions.created_at as since', 'suppressions.until', 'purposes.key as purpose'])
    .where('suppressions.lifted_at', 'is', null)
    .where('suppressions.reason', '<>', 'not_me')
    .where('suppressions.id', '>', after)
    .orderBy('suppressions.id')
    .limit(rowsAtOnce)
    .execute();
}

async function everRestricted(db: Db, after: string): Promise<string[]> {
  const rows = await db
    .selectFrom('person_events')
    .select('person_id')
    .distinct()
    .where('kind', '<>', 'register_checked')
    .where('person_id', '>', after)
    .orderBy('person_id')
    .limit(rowsAtOnce)
    .execute();
  return rows.map(({ person_id }) => person_id);
}

/** With the reason that decisions give. */
async function restrictedNow(db: Db, people: string[], at: string): Promise<Block[]> {
  const rows = await db
    .selectFrom('person_events as event')
    .innerJoin('contact_points as point', 'point.person_id', 'event.person_id')
    .select(['point.id', 'point.channel', 'point.lookup_hash', 'event.kind', 'event.occurred_at'])
    .where(isOneOf(db, 'event.person_id', people))
    .where('event.kind', '<>', 'register_checked')
    .orderBy('point.id')
    .orderBy('event.number')
    .execute();
  return [...Map.groupBy(rows, ({ id }) => id).values()].flatMap((events): Block[] => {
    const restriction = foldRestriction(events, at);
    const { channel, lookup_hash } = events[0] ?? {};
    if (!restriction || !channel || !lookup_hash) return [];
    const { since, endsAt: until } = restriction;
    return [{ channel, lookup_hash, purpose: null, reason: 'restricted', since, until }];
  });
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
