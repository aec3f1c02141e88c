import type { Tx } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { checkVersion } from '#src/consent-texts/check-version.ts';
import { liveFormsAsking } from '#src/consent-texts/live-forms.ts';
import { recordStep } from '#src/consent-texts/steps.ts';
import {
  moveVersion,
  type TextVersion,
  textRef,
  versionNumber,
  versions,
} from '#src/consent-texts/text-version.ts';
import { republishForms } from './republish-form.ts';

export interface PublishedTexts {
  published: number;
  refused: number;
  forms: number;
}

/**
 * Job: publishes due texts. In one transaction, the new version goes live, the old one is retired, and every open form
 * that shows it gets a new version. Existing permissions keep the old text.
 */
export async function publishDueTexts(app: Pick<App, 'db' | 'now' | 'log'>): Promise<PublishedTexts> {
  const at = app.now().toISOString();
  const due = await versions(app.db)
    .where('version.state', '=', 'scheduled')
    .where('version.publish_at', '<=', at)
    .orderBy('version.publish_at')
    .execute();
  const total: PublishedTexts = { published: 0, refused: 0, forms: 0 };
  for (const group of inGroups(due)) {
    const done = await app.db.transaction().execute((tx) => publishGroup(tx, group, at));
    total.published += done.published.length;
    total.refused += done.refused ? group.length : 0;
    total.forms += done.forms.length;
    for (const ref of done.published) app.log.info({ text: ref, forms: done.forms }, 'texts.went_live');
    if (done.refused)
      app.log.warn({ texts: group.map(textRef), rules: done.refused }, 'texts.publish_refused');
  }
  return total;
}

/** Groups the languages of one purpose and channel that are scheduled for the same time. */
function inGroups(due: TextVersion[]): TextVersion[][] {
  const groups = Map.groupBy(due, (one) => `${one.publish_at} ${one.purpose_id} ${one.channel}`);
  return [...groups.values()];
}

type Done = { published: string[]; forms: string[]; refused?: string[] };

async function publishGroup(tx: Tx, group: TextVersion[], at: string): Promise<Done> {
  const [first] = group;
  if (!first) return { published: [], forms: [] };
  const failing = await failingRules(tx, group);
  if (failing.length > 0) return cancelPublication(tx, group, failing, at);
  const live: TextVersion[] = [];
  for (const version of group) if (await goLive(tx, version, at)) live.push(version);
  const forms = await republishAsking(tx, first, new Set(live.map(({ locale }) => locale)), at);
  for (const version of live) {
    const details = { sha256: version.sha256, forms };
    await recordStep(tx, version, { kind: 'went_live', at, details });
  }
  return { published: live.map((version) => `${textRef(version)}@${versionNumber(version)}`), forms };
}

async function republishAsking(
  tx: Tx,
  text: TextVersion,
  locales: Set<Locale>,
  at: string,
): Promise<string[]> {
  const forms = await liveFormsAsking(tx, text);
  const showing = forms.filter((form) => form.locales.some((locale) => locales.has(locale)));
  return republishForms(tx, showing, at);
}

async function goLive(tx: Tx, version: TextVersion, at: string): Promise<boolean> {
  if (!(await moveVersion(tx, version, { state: 'live', live_from: at }))) return false;
  if (version.live_version_id) await retirePrevious(tx, version.live_version_id, version, at);
  await tx
    .updateTable('consent_texts')
    .set({ live_version_id: version.id })
    .where('id', '=', version.text_id)
    .execute();
  return true;
}

async function retirePrevious(tx: Tx, lastId: string, next: TextVersion, at: string): Promise<void> {
  await tx
    .updateTable('consent_text_versions')
    .set((eb) => ({ state: 'retired', retired_at: at, revision: eb('revision', '+', 1) }))
    .where('id', '=', lastId)
    .execute();
  const details = { replaced_by: versionNumber(next) };
  await recordStep(tx, { id: lastId, text_id: next.text_id }, { kind: 'retired', at, details });
}

/** The rules may have changed since the approval; a text with errors is not published. */
async function failingRules(tx: Tx, group: TextVersion[]): Promise<string[]> {
  const rules = new Set<string>();
  for (const version of group) {
    const { errors } = await checkVersion(tx, version);
    for (const { rule } of errors) rules.add(rule);
  }
  return [...rules];
}

async function cancelPublication(tx: Tx, group: TextVersion[], rules: string[], at: string): Promise<Done> {
  for (const version of group) {
    await moveVersion(tx, version, { state: 'approved', publish_at: null });
    await recordStep(tx, version, { kind: 'publish_refused', at, details: { rules } });
  }
  return { published: [], forms: [], refused: rules };
}
