import type { Db } from '#db/connect.ts';
import type { App } from '#src/app.ts';
import { type ContactQuestion, decideContacts } from '#src/decisions/decide-contacts.ts';
import { csvCell } from '#src/decisions/scrub/csv-cell.ts';
import { sendingLinks } from '#src/decisions/sending-links.ts';
import { decryptText, unwrapPersonKey } from '#src/people/encryption.ts';

const columns = [
  'contact_point',
  'basis',
  'text_version',
  'granted_at',
  'valid_until',
  'preferences_url',
  'unsubscribe_url',
  'list_unsubscribe',
  'list_unsubscribe_post',
];
const rowsAtOnce = 1000;
const cell = csvCell(',');

/** Every address that may be contacted now, as CSV. Each one is decided, not taken from a flag. */
export async function* exportContactable(app: App, question: ContactQuestion): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`;
  let after = '';
  for (;;) {
    const rows = await grantedAfter(app.db, question, after);
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    const addresses = rows.flatMap(({ key_wrapped, value_enc }) =>
      key_wrapped && value_enc ? [decryptText(unwrapPersonKey(app.keys, key_wrapped), value_enc)] : [],
    );
    yield await linesFor(app, question, addresses);
  }
}

async function linesFor(app: App, question: ContactQuestion, addresses: string[]): Promise<string> {
  const now = app.now();
  const decided = await decideContacts(app, app.db, question, addresses);
  return decided
    .filter(({ decision }) => decision.allowed)
    .map((one) => {
      const links = sendingLinks(app, one, now);
      const { found, decision } = one;
      const cells = [
        one.contactPoint,
        decision.basis,
        found.text?.ref,
        found.standing?.permission?.granted_at,
        decision.valid_until,
        links.preferences_url,
        links.unsubscribe_url,
        links.list_unsubscribe,
        links.list_unsubscribe_post,
      ];
      return `${cells.map((text) => cell(text ?? '')).join(',')}\r\n`;
    })
    .join('');
}

async function grantedAfter(db: Db, { purpose, channel }: ContactQuestion, after: string) {
  return db
    .selectFrom('permissions')
    .innerJoin('purposes', 'purposes.id', 'permissions.purpose_id')
    .innerJoin('contact_points', 'contact_points.id', 'permissions.contact_point_id')
    .innerJoin('people', 'people.id', 'contact_points.person_id')
    .select(['permissions.id', 'contact_points.value_enc', 'people.key_wrapped'])
    .where('purposes.key', '=', purpose)
    .where('permissions.channel', '=', channel)
    .where('permissions.state', '=', 'granted')
    .where('permissions.id', '>', after)
    .orderBy('permissions.id')
    .limit(rowsAtOnce)
    .execute();
}

/**
 * The block list as CSV. Addresses stand as keyed hashes: whoever holds the list can recognise an address
 * only together with this instance, and the list is no list of addresses.
 */
export async function* exportSuppressions(app: App): AsyncGenerator<string> {
  yield 'channel,address_hash,purpose,reason,since,until\r\n';
  let after = '';
  for (;;) {
    const rows = await app.db
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
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    yield rows
      .map(({ channel, lookup_hash, purpose, reason, created_at, until }) =>
        [channel, lookup_hash, purpose, reason, created_at, until].map((text) => cell(text ?? '')).join(','),
      )
      .join('\r\n')
      .concat('\r\n');
  }
}
