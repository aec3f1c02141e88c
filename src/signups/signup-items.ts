import { sql } from 'kysely';
import type { Reader } from '#db/connect.ts';
import { type IsAsked, preparedByKey } from '#db/prepared-by-key.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import { textBlock } from '#src/consent-texts/askable.ts';
import { permissionColumns } from '#src/ledger/append.ts';

/** What a signup asks for, each with the words it asked in. */
export async function signupItems(reader: Reader, signupId: string) {
  return itemsById(reader, signupId);
}

const itemsById = preparedByKey((db, isAsked) => itemsOf(db, 'id', isAsked));

/** The same by the id or the hash of the link, with the permissions of the items as they are now. */
export async function signupItemsBy(
  reader: Reader,
  column: 'id' | 'token_hash',
  value: string,
): Promise<{ items: SignupItem[]; permissions: PermissionTable[] }> {
  const rows = await itemsWithPermissions[column](reader, value);
  return { items: rows, permissions: rows.flatMap((row) => permissionIn(row) ?? []) };
}

const itemsWithPermissions = {
  id: preparedByKey((db, isAsked) => itemsOf(db, 'id', isAsked).select(ownPermission)),
  token_hash: preparedByKey((db, isAsked) => itemsOf(db, 'token_hash', isAsked).select(ownPermission)),
};

const ownPermission = permissionColumns.map((column) => sql.ref(`permissions.${column}`).as(`own_${column}`));

function itemsOf(db: Reader, column: 'token_hash' | 'id', isAsked: IsAsked) {
  return db
    .selectFrom('signups')
    .innerJoin('signup_items', 'signup_items.signup_id', 'signups.id')
    .innerJoin('consent_text_versions', 'consent_text_versions.id', 'signup_items.text_version_id')
    .innerJoin('consent_texts', 'consent_texts.id', 'consent_text_versions.text_id')
    .innerJoin('purposes', 'purposes.id', 'signup_items.purpose_id')
    .innerJoin('contact_points', 'contact_points.id', 'signup_items.contact_point_id')
    .leftJoin('permissions', 'permissions.id', 'signup_items.permission_id')
    .selectAll('signup_items')
    .select([
      `signups.${column} as asked`,
      'consent_text_versions.wording',
      'consent_text_versions.sha256',
      'consent_text_versions.major',
      'consent_text_versions.minor',
      'consent_text_versions.stopped_at',
      'consent_text_versions.invalidated_at',
      'consent_texts.locale',
      'purposes.key as purpose',
      'purposes.controller_id',
      'contact_points.value_enc',
      'permissions.settled_state',
      'permissions.state',
    ])
    .where(isAsked(`signups.${column}`))
    .orderBy('signup_items.position');
}

/** `undefined` where it is gone. */
function permissionIn(row: object): PermissionTable | undefined {
  const own = row as Record<`own_${keyof PermissionTable}`, unknown>;
  if (own.own_id === null) return undefined;
  return Object.fromEntries(
    permissionColumns.map((column) => [column, own[`own_${column}`]]),
  ) as unknown as PermissionTable;
}

export type SignupItem = Awaited<ReturnType<typeof signupItems>>[number];

/** What may still be confirmed: legal has neither stopped its words nor declared them invalid. */
export function confirmable(items: SignupItem[]): SignupItem[] {
  return items.filter((item) => !textBlock(item));
}

/** Whether a signup asks for something, and nothing of it may be confirmed any more. */
export function isNoLongerAsked(items: SignupItem[]): boolean {
  return items.length > 0 && confirmable(items).length === 0;
}

/** `product-news/email/de@1.0` */
export function textRef(
  item: Pick<SignupItem, 'purpose' | 'channel' | 'locale' | 'major' | 'minor'>,
): string {
  return `${item.purpose}/${item.channel}/${item.locale}@${item.major}.${item.minor}`;
}
