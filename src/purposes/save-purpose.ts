import type { Tx } from '#db/connect.ts';
import type { Channel } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { locales } from '#src/i18n/locales.ts';
import { newId } from '#src/ids/new-id.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { changesBetween } from '#src/staff/changes.ts';
import { draftOf, findPurpose, type Purpose, type PurposeDraft } from './purpose.ts';
import { type PurposeFault, purposeFaults } from './purpose-faults.ts';

export type SavePurposeResult =
  | { outcome: 'saved' | 'unknown' }
  | { outcome: 'faulty'; faults: PurposeFault[] }
  /** The channel cannot be removed, because it has a live text or permissions. */
  | { outcome: 'channel_in_use'; channel: Channel }
  /** Someone else has saved since the page was opened. Nothing was written. */
  | { outcome: 'changed_meanwhile'; purpose: Purpose };

/** Saves a purpose. Published texts and forms do not change: they are frozen with their names. */
export async function savePurpose(
  app: App,
  actor: Actor,
  key: string,
  { revision, draft }: { revision: number; draft: PurposeDraft },
): Promise<SavePurposeResult> {
  requireAbility(actor, 'purposes.write');
  const faults = purposeFaults(draft);
  if (faults.length > 0) return { outcome: 'faulty', faults };
  return app.db.transaction().execute(async (tx): Promise<SavePurposeResult> => {
    const claimed = await tx
      .updateTable('purposes')
      .set((eb) => ({ revision: eb('revision', '+', 1) }))
      .where('key', '=', key)
      .where('revision', '=', revision)
      .executeTakeFirst();
    const purpose = await findPurpose(tx, key);
    if (!purpose) return { outcome: 'unknown' };
    if (Number(claimed.numUpdatedRows) === 0) return { outcome: 'changed_meanwhile', purpose };
    const channel = await channelInUse(tx, purpose, draft);
    if (channel) {
      await tx.updateTable('purposes').set({ revision }).where('key', '=', key).execute();
      return { outcome: 'channel_in_use', channel };
    }
    await writeDraft(tx, purpose.id, draft);
    const changes = changesBetween(named(draftOf(purpose)), named(draft));
    const at = app.now().toISOString();
    await recordAudit(tx, at, actor, 'purpose.changed', `purpose:${key}`, changes);
    return { outcome: 'saved' };
  });
}

/** Writes all parts of a new or existing purpose. */
export async function writeDraft(tx: Tx, purposeId: string, draft: PurposeDraft): Promise<void> {
  await tx
    .updateTable('purposes')
    .set({ proof_years: draft.proofYears, proof_note: draft.proofNote })
    .where('id', '=', purposeId)
    .execute();
  for (const table of ['purpose_translations', 'purpose_channels', 'purpose_third_parties'] as const) {
    await tx.deleteFrom(table).where('purpose_id', '=', purposeId).execute();
  }
  await tx
    .insertInto('purpose_translations')
    .values(
      locales.map((locale) => ({
        purpose_id: purposeId,
        locale,
        title: draft.titles[locale] ?? '',
        promise: draft.promises[locale] ?? '',
        terms: JSON.stringify(draft.terms[locale] ?? []),
        data_categories: JSON.stringify(draft.dataCategories[locale] ?? []),
      })),
    )
    .execute();
  await tx
    .insertInto('purpose_channels')
    .values(
      draft.channels.map((channel) => ({
        purpose_id: purposeId,
        channel: channel.channel,
        frequency_times: channel.frequency?.times ?? null,
        frequency_per: channel.frequency?.per ?? null,
        flag_months: channel.flagMonths,
        deny_months: channel.denyMonths,
        non_use_note: channel.nonUseNote,
      })),
    )
    .execute();
  if (draft.thirdParties.length === 0) return;
  await tx
    .insertInto('purpose_third_parties')
    .values(draft.thirdParties.map((party) => ({ ...party, id: newId(), purpose_id: purposeId })))
    .execute();
}

async function channelInUse(tx: Tx, purpose: Purpose, draft: PurposeDraft): Promise<Channel | undefined> {
  const remaining = draft.channels.map(({ channel }) => channel);
  for (const { channel } of purpose.channels.filter((one) => !remaining.includes(one.channel))) {
    const text = await tx
      .selectFrom('consent_texts')
      .select('id')
      .where('purpose_id', '=', purpose.id)
      .where('channel', '=', channel)
      .where('live_version_id', 'is not', null)
      .executeTakeFirst();
    const permission = await tx
      .selectFrom('permissions')
      .select('id')
      .where('purpose_id', '=', purpose.id)
      .where('channel', '=', channel)
      .limit(1)
      .executeTakeFirst();
    if (text ?? permission) return channel;
  }
  return undefined;
}

/** Channels and third parties by name, so that the audit trail shows which of them changed. */
function named(draft: PurposeDraft): object {
  return {
    ...draft,
    channels: Object.fromEntries(draft.channels.map(({ channel, ...rest }) => [channel, rest])),
    thirdParties: draft.thirdParties.map((party) => Object.values(party).join(', ')).sort(),
  };
}
