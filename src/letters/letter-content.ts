import type { Db } from '#db/connect.ts';
import type { ControllerTable } from '#db/schema/controllers.ts';
import type { LetterTable } from '#db/schema/letters.ts';
import type { Basis, Channel, Locale, PermissionState } from '#db/schema/vocabulary.ts';
import type { SpokenGround } from '#src/i18n/ground-words.ts';
import { cellGrounds } from '#src/ledger/cell-grounds.ts';
import { hasInvalidText, type MatrixCell, permissionMatrix } from '#src/ledger/permission-matrix.ts';
import { type Restriction, restrictionOf } from '#src/ledger/person-events.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptJson } from '#src/people/encryption.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import { postalRecipient } from './postal-recipient.ts';
import type { LetterChange } from './queue-letters.ts';

/** The content of a letter, stored as printed. Links are derived when it is read, so none is in the database. */
export interface LetterContent {
  locale: Locale;
  /** When it was printed. */
  at: string;
  /** When its changes were recorded. */
  recordedAt: string;
  reference: string;
  recipient: string[];
  sender: { name: string; address: string; imprint: string; email: string };
  changes: { title: string; channel: Channel; to: PermissionState; basis?: Basis | null }[];
  cells: LetterCell[];
  /** Restriction of processing (Art. 18 GDPR) at the time of printing. */
  restriction?: Restriction | undefined;
  /** Unsubscribe links, one for each address with a permission. */
  exits: { contactPointId: string; generation: number; channel: Channel; address: string }[];
}

export interface LetterCell {
  title: string;
  channel: Channel;
  /** Masked; null for the address of the letter itself. */
  address: string | null;
  state: PermissionState;
  since: string | null;
  /** Granted to a text that was declared invalid. */
  invalid?: boolean;
  wording: { ref: string; text: string } | null;
  /** How to describe the basis. Missing in older letters, which only knew consents. */
  ground?: SpokenGround;
}

/** `undefined` if no postal address is known. */
export async function composeLetter(
  db: Db,
  at: string,
  letter: Pick<LetterTable, 'id' | 'locale' | 'changes_enc' | 'created_at'>,
  person: PersonWithKey,
  controller: ControllerTable,
): Promise<LetterContent | undefined> {
  const { locale } = letter;
  const recipient = await postalRecipient(db, person, { country: controller.country, locale });
  if (!recipient) return undefined;
  const matrix = await permissionMatrix(db, person, locale);
  const groundOf = await cellGrounds(db, person, matrix);
  const cells = matrix.filter(({ controllerId }) => controllerId === controller.id);
  const changes = decryptJson<LetterChange[]>(person.key, letter.changes_enc);
  return {
    locale,
    at,
    recordedAt: letter.created_at,
    reference: letter.id,
    recipient: recipient.lines,
    sender: {
      name: controller.legal_name,
      address: controller.address,
      imprint: controller.imprint,
      email: controller.privacy_email,
    },
    changes: changes.map(({ purpose, channel, to }) => ({
      // A purpose that was retired since has no title.
      title: matrix.find((cell) => cell.purpose === purpose)?.title ?? purpose,
      channel,
      to,
      basis: matrix.find((cell) => cell.purpose === purpose && cell.channel === channel)?.basis ?? null,
    })),
    cells: cells.map((cell) => ({ ...shown(cell), ground: groundOf(cell) })),
    restriction: await restrictionOf(db, person.id, at),
    exits: await exitsOf(db, cells),
  };
}

function shown(cell: MatrixCell): LetterCell {
  const { title, channel, contactPoint, state, since, text, basis } = cell;
  return {
    title,
    channel,
    address: contactPoint && channel !== 'post' ? maskContactPoint(channel, contactPoint) : null,
    state,
    since: state === 'none' ? null : since,
    invalid: hasInvalidText(cell),
    wording:
      text && state === 'granted' && basis === 'consent' ? { ref: text.ref, text: text.wording } : null,
  };
}

async function exitsOf(db: Db, cells: MatrixCell[]): Promise<LetterContent['exits']> {
  const open = cells.filter(({ state }) => state === 'granted' || state === 'pending');
  const ids = [...new Set(open.flatMap(({ contactPointId }) => contactPointId ?? []))];
  if (ids.length === 0) return [];
  const points = await db
    .selectFrom('contact_points')
    .select(['id', 'link_generation'])
    .where('id', 'in', ids)
    .execute();
  const generations = new Map(points.map(({ id, link_generation }) => [id, link_generation]));
  return ids.flatMap((id) => {
    const cell = open.find(({ contactPointId }) => contactPointId === id);
    const generation = generations.get(id);
    if (!cell?.contactPoint || generation === undefined) return [];
    const address = maskContactPoint(cell.channel, cell.contactPoint);
    return [{ contactPointId: id, generation, channel: cell.channel, address }];
  });
}
