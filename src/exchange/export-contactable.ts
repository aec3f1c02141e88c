import type { Db } from '#db/connect.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { type ContactQuestion, decideContacts } from '#src/decisions/decide-contacts.ts';
import { openFileRecord } from '#src/decisions/kept/file-record.ts';
import type { DecisionPurpose } from '#src/decisions/purpose.ts';
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

/** Without this check a list for an unknown purpose or a channel that it lacks would be empty without a reason. */
export function faultOfQuestion(
  purpose: DecisionPurpose | undefined,
  channel: Channel,
): { field: 'purpose' | 'channel'; code: string; message: string } | undefined {
  if (!purpose) return { field: 'purpose', code: 'unknown', message: 'There is no such purpose.' };
  if (purpose.channels.includes(channel)) return undefined;
  return {
    field: 'channel',
    code: 'not_of_this_purpose',
    message: 'The purpose does not have this channel.',
  };
}

/** Every address that may be contacted now, as CSV. Each one is decided, as the API would. */
export async function* exportContactable(
  app: App,
  question: ContactQuestion,
  askedBy: string,
): AsyncGenerator<string> {
  const record = openFileRecord(app, askedBy, question);
  let complete = false;
  try {
    for await (const { text, rows } of piecesOf(app, question)) {
      record.output({ bytes: Buffer.from(text), rows, reasons: new Map() });
      yield text;
    }
    complete = true;
  } finally {
    record.end(complete);
  }
}

async function* piecesOf(
  app: App,
  question: ContactQuestion,
): AsyncGenerator<{ text: string; rows: number }> {
  yield { text: `${columns.join(',')}\r\n`, rows: 0 };
  let after = '';
  for (;;) {
    const rows = await grantedAfter(app.db, question, after);
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    const addresses = rows.flatMap(({ key_wrapped, value_enc }) =>
      key_wrapped && value_enc ? [decryptText(unwrapPersonKey(app.keys, key_wrapped), value_enc)] : [],
    );
    const text = await linesFor(app, question, addresses);
    yield { text, rows: addresses.length };
  }
}

async function linesFor(app: App, question: ContactQuestion, addresses: string[]): Promise<string> {
  const decided = await decideContacts(app, app.db, question, addresses);
  return decided
    .filter(({ decision }) => decision.allowed)
    .map((one) => {
      const { found, decision } = one;
      const links = sendingLinks(app, decision.allowed, found.contactPoint, one.purposeId);
      const cells = [
        one.contactPoint,
        decision.basis,
        found.text?.ref,
        found.contactPoint?.permission?.granted_at,
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
