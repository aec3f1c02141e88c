import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { acknowledgeFindings, overrideFinding } from '#src/consent-texts/accept-findings.ts';
import { approveVersion } from '#src/consent-texts/approve-version.ts';
import { checkVersion } from '#src/consent-texts/check-version.ts';
import { createDraft } from '#src/consent-texts/create-draft.ts';
import { type DraftInput, saveDraft } from '#src/consent-texts/save-draft.ts';
import { sendToReview } from '#src/consent-texts/send-to-review.ts';
import { findVersion, type TextVersion } from '#src/consent-texts/text-version.ts';
import type { Actor } from '#src/staff/actor.ts';

/** Lena writes, Lukas judges, Mara is from marketing. */
export const lena: Actor = {
  id: 'staff-lena',
  email: 'lena@example.org',
  name: 'Lena Legal',
  role: 'legal',
  locale: null,
};
export const lukas: Actor = {
  id: 'staff-lukas',
  email: 'lukas@example.org',
  name: 'Lukas Legal',
  role: 'legal',
  locale: null,
};
export const mara: Actor = {
  id: 'staff-mara',
  email: 'mara@example.org',
  name: 'Mara Marketing',
  role: 'marketing',
  locale: null,
};

export const newsDe = { purpose: 'product-news', channel: 'email', locale: 'de' } as const;
export const newsEn = { purpose: 'product-news', channel: 'email', locale: 'en' } as const;

export const goodDe =
  'Ja, die Muster Werkzeuge GmbH, Hanau, darf mir höchstens zweimal im Monat ihren Newsletter mit Werbung für ' +
  'Akkuschrauber, Sägen und Zubehör per E-Mail schicken. Das ist freiwillig. Ich kann das jederzeit kostenlos ' +
  'widerrufen, über den Link in jeder E-Mail oder formlos an datenschutz@muster-werkzeuge.example. Alles Weitere ' +
  'steht in den Datenschutzhinweisen.';
export const badDe = goodDe.replace('darf mir', 'darf mir, von uns und unseren Partnern,');

type Place = { purpose: string; channel: Channel; locale: Locale };

export async function version(app: App, id: string): Promise<TextVersion> {
  const found = await findVersion(app.db, id);
  if (!found) throw new Error(`no version ${id}`);
  return found;
}

export async function liveVersion(app: App, place: Place): Promise<TextVersion> {
  const { live_version_id } = await app.db
    .selectFrom('consent_texts')
    .innerJoin('purposes', 'purposes.id', 'consent_texts.purpose_id')
    .select('consent_texts.live_version_id')
    .where('purposes.key', '=', place.purpose)
    .where('consent_texts.channel', '=', place.channel)
    .where('consent_texts.locale', '=', place.locale)
    .executeTakeFirstOrThrow();
  return version(app, live_version_id ?? '');
}

export async function draft(app: App, place: Place = newsDe, actor = lena): Promise<string> {
  const result = await createDraft(app, actor, place, 'live');
  if (result.outcome !== 'created') throw new Error(result.outcome);
  return result.versionId;
}

export async function save(
  app: App,
  id: string,
  wording: string,
  more: Partial<DraftInput> = {},
  actor = lena,
) {
  const { revision } = await version(app, id);
  return saveDraft(app, actor, id, {
    revision,
    wording,
    change: 'editorial',
    checklist: [],
    note: 'Klarer gesagt.',
    ...more,
  });
}

/** Reads every warning and lets it stand. */
export async function acknowledgeAll(app: App, id: string, actor = lena): Promise<void> {
  const found = await version(app, id);
  const { warnings } = await checkVersion(app.db, found);
  if (warnings.length === 0) return;
  const keys = warnings.map(({ key }) => key);
  await acknowledgeFindings(app, actor, id, { revision: found.revision, keys });
}

export async function overrideAll(app: App, id: string, actor = lena): Promise<void> {
  for (;;) {
    const found = await version(app, id);
    const [first] = (await checkVersion(app.db, found)).errors;
    if (!first) return;
    const reason = 'Mit dem Gericht so abgestimmt am 1. November.';
    await overrideFinding(app, actor, id, { revision: found.revision, key: first.key, reason });
  }
}

export async function opened(app: App, id: string) {
  const { revision, sha256 } = await version(app, id);
  return { revision, sha256 };
}

export async function inReview(
  app: App,
  wording = goodDe,
  place: Place = newsDe,
  more: Partial<DraftInput> = {},
): Promise<string> {
  const id = await draft(app, place);
  await save(app, id, wording, more);
  await overrideAll(app, id);
  await acknowledgeAll(app, id);
  const sent = await sendToReview(app, lena, id, await opened(app, id));
  if (sent.outcome !== 'sent') throw new Error(JSON.stringify(sent));
  return id;
}

export async function approve(app: App, id: string, change: 'editorial' | 'material' = 'editorial') {
  return approveVersion(app, lukas, id, { ...(await opened(app, id)), change, note: 'Geprüft, in Ordnung.' });
}

export async function approved(
  app: App,
  wording = goodDe,
  place: Place = newsDe,
  change: 'editorial' | 'material' = 'editorial',
): Promise<string> {
  const id = await inReview(app, wording, place);
  const result = await approve(app, id, change);
  if (result.outcome !== 'approved') throw new Error(JSON.stringify(result));
  return id;
}
