/** Changes to a published form that do not affect its content. Each is recorded in the audit trail. */
import type { Tx } from '#db/connect.ts';
import type { FormTable } from '#db/schema/forms.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { type FormLimits, limitBounds, ownLimits } from '#src/limits/form-limits.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { recordAudit } from '#src/staff/audit.ts';
import { composeForm, lockLiveTexts } from './compose-form.ts';
import { hasOnlyLiveTexts } from './find-ended-texts.ts';
import { findFormVersion } from './find-form.ts';
import { liveDraft } from './form-draft.ts';
import { setSwitches } from './form-switches.ts';
import { looksAsFrozen } from './freeze-version.ts';
import { republishForm } from './republish-form.ts';

export type ManageFormResult = { outcome: 'done' | 'unknown' };

export type ClosedWords = Record<Locale, string>;

export const maxClosedMessageLength = 300;

/** Closes a form for new signups. Earlier links and codes still work. `words`: null for the default message. */
export async function closeForm(
  app: App,
  actor: Actor,
  key: string,
  words: ClosedWords | null,
): Promise<ManageFormResult> {
  return manageForm(app, actor, key, 'form.closed', async (tx, form, at) => {
    await tx.updateTable('forms').set({ closed_at: at }).where('id', '=', form.id).execute();
    await setSwitches(tx, form.id, { closed_words: words && JSON.stringify(words) });
    return words ? { ...words } : {};
  });
}

export type ReopenFormResult = ManageFormResult | { outcome: 'words_missing'; boxes: string[] };

/** Reopens a form, with a new version if its texts changed while it was closed. */
export async function reopenForm(app: App, actor: Actor, key: string): Promise<ReopenFormResult> {
  const boxes = await boxesWithoutWords(app, key);
  if (boxes.length > 0) return { outcome: 'words_missing', boxes };
  return manageForm(app, actor, key, 'form.reopened', async (tx, form, at) => {
    const version = form.current_version_id ? await findFormVersion(tx, form.current_version_id) : undefined;
    await lockLiveTexts(tx, version?.definition.consents.map(({ value }) => value) ?? []);
    const stands = version && looksAsFrozen(version.definition) && (await hasOnlyLiveTexts(tx, version));
    if (version && !stands) await republishForm(tx, form.id, at);
    await tx.updateTable('paused_boxes').set({ closed_form: 0 }).where('form_id', '=', form.id).execute();
    await tx.updateTable('forms').set({ closed_at: null }).where('id', '=', form.id).execute();
    await setSwitches(tx, form.id, { closed_words: null });
    return {};
  });
}

/**
 * Boxes of the last version whose text was retired since, and nothing came in its place. A box whose text is stopped is
 * left out until there are words again; with no other box there is nothing to open.
 */
async function boxesWithoutWords({ db }: App, key: string): Promise<string[]> {
  const form = await db.selectFrom('forms').select('id').where('key', '=', key).executeTakeFirst();
  const draft = form && (await liveDraft(db, form.id));
  if (!draft) return [];
  const { missing: all, definition } = await composeForm(db, { id: form.id, number: 0 }, draft);
  const missing = definition.consents.length > 0 ? all.filter(({ blocked }) => !blocked) : all;
  return [...new Set(missing.map(({ value, locale }) => `${value.replace(':', '/')}/${locale}`))];
}

export async function setProofOfWork(
  app: App,
  actor: Actor,
  key: string,
  on: boolean,
): Promise<ManageFormResult> {
  return manageForm(app, actor, key, on ? 'form.proof_on' : 'form.proof_off', async (tx, form) => {
    await setSwitches(tx, form.id, { proof_of_work: on ? 1 : 0 });
    return {};
  });
}

export type LimitFault = { name: keyof FormLimits; from: number; to: number };

/** Limits outside of the allowed range. */
export function limitFaults(limits: FormLimits): LimitFault[] {
  const names = Object.keys(limitBounds) as (keyof FormLimits)[];
  return names.flatMap((name) => {
    const value = limits[name];
    const { from, to } = limitBounds[name];
    const within = value === null || (Number.isInteger(value) && value >= from && value <= to);
    return within ? [] : [{ name, from, to }];
  });
}

export async function setLimits(
  app: App,
  actor: Actor,
  key: string,
  limits: FormLimits,
): Promise<ManageFormResult | { outcome: 'faulty'; faults: LimitFault[] }> {
  const faults = limitFaults(limits);
  if (faults.length > 0) return { outcome: 'faulty', faults };
  return manageForm(app, actor, key, 'form.limits', async (tx, form) => {
    const own = ownLimits(limits);
    await setSwitches(tx, form.id, { limits: JSON.stringify(own) });
    return own;
  });
}

/** Marks all alarms of this form as seen. */
export async function acknowledgeAlarms(app: App, actor: Actor, key: string): Promise<ManageFormResult> {
  return manageForm(app, actor, key, 'form.alarms_seen', async (tx, form, at) => {
    const seen = await tx
      .updateTable('form_alarms')
      .set({ seen_at: at })
      .where('form_id', '=', form.id)
      .where('seen_at', 'is', null)
      .returning(['hour', 'signups'])
      .execute();
    return Object.fromEntries(seen.map(({ hour, signups }) => [hour, signups]));
  });
}

/** Runs a change and records it in the audit trail, with the details that it returns. */
export async function manageForm(
  app: App,
  actor: Actor,
  key: string,
  act: string,
  run: (tx: Tx, form: FormTable, at: string) => Promise<Record<string, unknown>>,
): Promise<ManageFormResult> {
  requireAbility(actor, 'forms.write');
  const at = app.now().toISOString();
  return app.db.transaction().execute(async (tx) => {
    const form = await tx.selectFrom('forms').selectAll().where('key', '=', key).executeTakeFirst();
    if (!form) return { outcome: 'unknown' };
    await recordAudit(tx, at, actor, act, `form:${key}`, await run(tx, form, at));
    return { outcome: 'done' };
  });
}
