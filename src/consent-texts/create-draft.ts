import type { Db, Tx } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import { newId } from '#src/ids/new-id.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { wordingHash } from './canonical-wording.ts';
import { currentNames } from './frozen-names.ts';
import { authorOf, recordStep } from './steps.ts';
import type { TextPlace } from './text-place.ts';
import type { Clocked } from './text-refusal.ts';
import { findOpenVersion, versionNumber } from './text-version.ts';

export type CreateDraftResult =
  | { outcome: 'created'; versionId: string }
  | { outcome: 'already_open'; versionId: string; author: string; state: string }
  | { outcome: 'unknown_purpose' };

/** Creates a draft from the live wording or blank. A text has one open version at most; the result names its author. */
export async function createDraft(
  { db, now }: Clocked,
  actor: Actor,
  place: TextPlace,
  from: 'live' | 'blank',
): Promise<CreateDraftResult> {
  requireAbility(actor, 'texts.write');
  const at = now().toISOString();
  try {
    return await db.transaction().execute(async (tx) => {
      const text = await textAt(tx, place);
      if (!text) return { outcome: 'unknown_purpose' };
      return (
        (await alreadyOpen(tx, text.id)) ?? (await insertDraft(tx, actor, { ...place, ...text }, from, at))
      );
    });
  } catch (error) {
    // Two people created a draft at the same time; the unique index let one succeed.
    const text = isUniqueViolation(error) ? await findText(db, place) : undefined;
    const open = text && (await alreadyOpen(db, text.id));
    if (open) return open;
    throw error;
  }
}

async function alreadyOpen(db: Db | Tx, textId: string): Promise<CreateDraftResult | undefined> {
  const open = await findOpenVersion(db, textId);
  if (!open) return undefined;
  return {
    outcome: 'already_open',
    versionId: open.id,
    author: await authorOf(db, open.id),
    state: open.state,
  };
}

/** Finds or creates the text at this place. `undefined` if the purpose does not have this channel. */
async function textAt(tx: Tx, place: TextPlace) {
  const found = await findText(tx, place);
  if (found) return found;
  const offered = await tx
    .selectFrom('purpose_channels')
    .innerJoin('purposes', 'purposes.id', 'purpose_channels.purpose_id')
    .select('purposes.id as purpose_id')
    .where('purposes.key', '=', place.purpose)
    .where('purpose_channels.channel', '=', place.channel)
    .where('purposes.retired_at', 'is', null)
    .executeTakeFirst();
  if (!offered) return undefined;
  const text = { id: newId(), purpose_id: offered.purpose_id, live_version_id: null };
  await tx
    .insertInto('consent_texts')
    .values({ ...text, channel: place.channel, locale: place.locale })
    .execute();
  return text;
}

async function findText(db: Db | Tx, place: TextPlace) {
  return db
    .selectFrom('consent_texts')
    .innerJoin('purposes', 'purposes.id', 'consent_texts.purpose_id')
    .select(['consent_texts.id', 'consent_texts.purpose_id', 'consent_texts.live_version_id'])
    .where('purposes.key', '=', place.purpose)
    .where('consent_texts.channel', '=', place.channel)
    .where('consent_texts.locale', '=', place.locale)
    .executeTakeFirst();
}

async function insertDraft(
  tx: Tx,
  actor: Actor,
  text: TextPlace & { id: string; purpose_id: string; live_version_id: string | null },
  from: 'live' | 'blank',
  at: string,
): Promise<CreateDraftResult> {
  const live = text.live_version_id
    ? await tx
        .selectFrom('consent_text_versions')
        .select(['wording', 'major', 'minor', 'approved_at'])
        .where('id', '=', text.live_version_id)
        .executeTakeFirstOrThrow()
    : undefined;
  const wording = from === 'live' ? (live?.wording ?? '') : '';
  const id = newId();
  await tx
    .insertInto('consent_text_versions')
    .values({
      id,
      text_id: text.id,
      major: 0,
      minor: await nextDraftNumber(tx, text.id),
      wording,
      sha256: wordingHash(wording),
      state: 'draft',
      names: JSON.stringify(await currentNames(tx, text)),
      approved_at: null,
      live_from: null,
      retired_at: null,
      invalidated_at: null,
      created_at: at,
      author_id: actor.id,
      based_on_id: from === 'live' ? text.live_version_id : null,
    })
    .execute();
  const details = { from: from === 'live' && live ? versionNumber(live) : null };
  await recordStep(tx, { id, text_id: text.id }, { kind: 'created', at, actor, details });
  return { outcome: 'created', versionId: id };
}

async function nextDraftNumber(tx: Tx, textId: string): Promise<number> {
  const { number } = await tx
    .selectFrom('consent_text_versions')
    .select((eb) => eb.fn.max('minor').as('number'))
    .where('text_id', '=', textId)
    .where('major', '=', 0)
    .executeTakeFirstOrThrow();
  return Number(number ?? 0) + 1;
}
