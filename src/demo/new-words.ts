import type { App } from '#src/app/app.ts';
import { acknowledgeFindings } from '#src/consent-texts/accept-findings.ts';
import { approveVersion } from '#src/consent-texts/approve-version.ts';
import { checkVersion } from '#src/consent-texts/check-version.ts';
import { createDraft } from '#src/consent-texts/create-draft.ts';
import { saveDraft } from '#src/consent-texts/save-draft.ts';
import { scheduleVersion } from '#src/consent-texts/schedule-version.ts';
import { sendToReview } from '#src/consent-texts/send-to-review.ts';
import type { TextPlace } from '#src/consent-texts/text-place.ts';
import { findVersion, type TextVersion } from '#src/consent-texts/text-version.ts';
import { publishDueTexts } from '#src/forms/publish-due-texts.ts';
import type { Actor } from '#src/staff/actor.ts';

/** One lawyer of the demo says a text more clearly, the other approves it: by the acts of the desk. */
export async function newWords(app: App, place: TextPlace, until: 'live' | 'in_review'): Promise<void> {
  const [writer, reader] = await Promise.all([member(app, 'legal'), member(app, 'legal2')]);
  const draft = await createDraft(app, writer, place, 'live');
  if (draft.outcome !== 'created') throw new Error(`No draft: ${draft.outcome}`);
  const id = draft.versionId;
  const begun = await version(app, id);
  const wording = begun.wording.replace(
    'Mehr steht in den Datenschutzhinweisen.',
    'Alles Weitere steht in den Datenschutzhinweisen.',
  );
  await saveDraft(app, writer, id, {
    revision: begun.revision,
    wording,
    change: 'editorial',
    checklist: [],
    note: 'Der letzte Satz sagt es klarer.',
  });
  const saved = await version(app, id);
  const { warnings } = await checkVersion(app.db, saved);
  if (warnings.length > 0) {
    const keys = warnings.map(({ key }) => key);
    await acknowledgeFindings(app, writer, id, { revision: saved.revision, keys });
  }
  const ready = await version(app, id);
  const sent = await sendToReview(app, writer, id, ready);
  if (sent.outcome !== 'sent') throw new Error(`Not sent to review: ${sent.outcome}`);
  if (until === 'in_review') return;
  const approval = { change: 'editorial' as const, note: 'Verglichen und geprüft.' };
  const approved = await approveVersion(app, reader, id, { ...(await version(app, id)), ...approval });
  if (approved.outcome !== 'approved') throw new Error(`Not approved: ${approved.outcome}`);
  await scheduleVersion(app, reader, id, 'at_once');
  await publishDueTexts(app);
}

async function version(app: App, id: string): Promise<TextVersion> {
  const found = await findVersion(app.db, id);
  if (!found) throw new Error(`There is no version ${id}.`);
  return found;
}

async function member(app: App, name: string): Promise<Actor> {
  return app.db
    .selectFrom('staff')
    .select(['id', 'email', 'name', 'role', 'locale'])
    .where('email', '=', `${name}@example.org`)
    .executeTakeFirstOrThrow();
}
