/** Stopping a live text temporarily, resuming it, and retiring it permanently. */
import type { Tx } from '#db/connect.ts';
import { liveFormsAsking } from '#src/consent-texts/live-forms.ts';
import { recordStep } from '#src/consent-texts/steps.ts';
import type { Clocked, TextRefusal } from '#src/consent-texts/text-refusal.ts';
import { findVersion, moveVersion, type TextVersion } from '#src/consent-texts/text-version.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { republishForms } from './republish-form.ts';

/** `forms`: the forms that showed the text, as `newsletter@4`, or `newsletter` if it was closed. */
type Ended<Outcome extends string> = { outcome: Outcome; forms: string[] };

export type StopResult =
  | Ended<'stopped'>
  | { outcome: 'already_stopped' | 'already_invalid' | 'reason_missing' }
  | TextRefusal;

/**
 * Stops a text at once, by one person: forms hide its box, open requests cannot be confirmed, and nothing can be
 * captured for it. Existing permissions stay valid until a second person declares the text invalid.
 */
export async function stopText(
  { db, now }: Clocked,
  actor: Actor,
  versionId: string,
  reason: string,
): Promise<StopResult> {
  requireAbility(actor, 'texts.approve');
  if (reason.trim() === '') return { outcome: 'reason_missing' };
  const at = now().toISOString();
  return db.transaction().execute(async (tx): Promise<StopResult> => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' };
    if (version.live_from === null) return { outcome: 'wrong_state', version };
    if (version.invalidated_at) return { outcome: 'already_invalid' };
    if (version.stopped_at) return { outcome: 'already_stopped' };
    const set = { stopped_at: at, stopped_by: actor.id, stop_reason: reason.trim() };
    if (!(await moveVersion(tx, version, set))) return { outcome: 'wrong_state', version };
    const forms = await changeForms(tx, version, at);
    await recordStep(tx, version, { kind: 'stopped', at, actor, note: reason, details: { forms } });
    return { outcome: 'stopped', forms };
  });
}

export type ResumeResult = Ended<'resumed'> | { outcome: 'not_stopped' | 'already_invalid' } | TextRefusal;

/** Resumes a stopped text that is not invalid. Its boxes return to their forms. */
export async function resumeText(
  { db, now }: Clocked,
  actor: Actor,
  versionId: string,
  note: string,
): Promise<ResumeResult> {
  requireAbility(actor, 'texts.approve');
  const at = now().toISOString();
  return db.transaction().execute(async (tx): Promise<ResumeResult> => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' };
    if (version.invalidated_at) return { outcome: 'already_invalid' };
    if (!version.stopped_at) return { outcome: 'not_stopped' };
    const set = { stopped_at: null, stopped_by: null, stop_reason: null };
    if (!(await moveVersion(tx, version, set))) return { outcome: 'wrong_state', version };
    const forms = await changeForms(tx, version, at);
    await recordStep(tx, version, { kind: 'resumed', at, actor, note, details: { forms } });
    return { outcome: 'resumed', forms };
  });
}

export type RetireResult = Ended<'retired'> | { outcome: 'reason_missing' } | TextRefusal;

/** Retires a live version, which removes its box from forms, or an unused approved one. Permissions do not change. */
export async function retireText(
  { db, now }: Clocked,
  actor: Actor,
  versionId: string,
  reason: string,
): Promise<RetireResult> {
  requireAbility(actor, 'texts.approve');
  if (reason.trim() === '') return { outcome: 'reason_missing' };
  const at = now().toISOString();
  return db.transaction().execute(async (tx): Promise<RetireResult> => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' };
    if (version.state !== 'live' && version.state !== 'approved') return { outcome: 'wrong_state', version };
    const wasLive = version.state === 'live';
    if (!(await moveVersion(tx, version, { state: 'retired', retired_at: at }))) {
      return { outcome: 'wrong_state', version };
    }
    await tx
      .updateTable('consent_texts')
      .set({ live_version_id: null })
      .where('live_version_id', '=', version.id)
      .execute();
    const forms = wasLive
      ? await changeForms(tx, version, at, { drop: `${version.purpose}:${version.channel}` })
      : [];
    await recordStep(tx, version, { kind: 'retired', at, actor, note: reason, details: { forms } });
    return { outcome: 'retired', forms };
  });
}

/** The open forms that show this text or have its box paused. `alone`: it is their only box. */
export async function formsShowing(
  tx: Parameters<typeof liveFormsAsking>[0],
  version: TextVersion,
): Promise<{ id: string; key: string; alone: boolean }[]> {
  if (version.live_version_id !== version.id) return [];
  const forms = await liveFormsAsking(tx, version);
  return forms
    .filter((form) => form.locales.includes(version.locale))
    .map(({ id, key, consents }) => ({ id, key, alone: consents.length === 1 }));
}

async function changeForms(
  tx: Tx,
  version: TextVersion,
  at: string,
  how: { drop?: string } = {},
): Promise<string[]> {
  return republishForms(tx, await formsShowing(tx, version), at, how);
}
