import type { Selectable } from 'kysely';
import type { Db, Tx } from '#db/connect.ts';
import type { ConsentTextVersionTable, TextState } from '#db/schema/consent-texts.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';

export const openStates: TextState[] = ['draft', 'in_review', 'approved', 'scheduled'];

/** A version with the purpose, channel and language of its text. */
export interface TextVersion extends Selectable<ConsentTextVersionTable> {
  purpose_id: string;
  purpose: string;
  controller_id: string;
  channel: Channel;
  locale: Locale;
  live_version_id: string | null;
}

export async function findVersion(db: Db | Tx, id: string): Promise<TextVersion | undefined> {
  return versions(db).where('version.id', '=', id).executeTakeFirst();
}

/** Every version of a text: the open one first, then by number, newest first. */
export async function versionsOfText(db: Db | Tx, textId: string): Promise<TextVersion[]> {
  const rows = await versions(db).where('version.text_id', '=', textId).execute();
  return rows.sort((a, b) => rank(b) - rank(a) || b.created_at.localeCompare(a.created_at));
}

function rank(version: TextVersion): number {
  if (version.approved_at) return version.major * 10_000 + version.minor;
  return version.state === 'rejected' ? -1 : Number.MAX_SAFE_INTEGER;
}

export async function findOpenVersion(db: Db | Tx, textId: string): Promise<TextVersion | undefined> {
  return versions(db)
    .where('version.text_id', '=', textId)
    .where('version.state', 'in', openStates)
    .executeTakeFirst();
}

export function versions(db: Db | Tx) {
  return db
    .selectFrom('consent_text_versions as version')
    .innerJoin('consent_texts', 'consent_texts.id', 'version.text_id')
    .innerJoin('purposes', 'purposes.id', 'consent_texts.purpose_id')
    .selectAll('version')
    .select(['consent_texts.purpose_id', 'consent_texts.channel', 'consent_texts.locale'])
    .select(['consent_texts.live_version_id', 'purposes.key as purpose', 'purposes.controller_id']);
}

/** `product-news/email/de` */
export function textRef(text: { purpose: string; channel: string; locale: string }): string {
  return `${text.purpose}/${text.channel}/${text.locale}`;
}

/** `1.2`; `undefined` before approval. */
export function versionNumber(version: {
  approved_at: string | null;
  major: number;
  minor: number;
}): string | undefined {
  return version.approved_at ? `${version.major}.${version.minor}` : undefined;
}

export function isOpen(version: { state: TextState }): boolean {
  return openStates.includes(version.state);
}

/** Updates a version if it has not changed since it was read, and returns whether it did. */
export async function moveVersion(
  tx: Tx,
  version: Pick<TextVersion, 'id' | 'state' | 'revision'>,
  set: Partial<Selectable<ConsentTextVersionTable>>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('consent_text_versions')
    .set({ ...set, revision: version.revision + 1 })
    .where('id', '=', version.id)
    .where('state', '=', version.state)
    .where('revision', '=', version.revision)
    .executeTakeFirst();
  return Number(numUpdatedRows) === 1;
}
