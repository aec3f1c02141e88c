import type { Tx } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { textBlock } from './askable.ts';
import { type Check, checkVersion } from './check-version.ts';
import { liveFormsAsking, localesOf } from './live-forms.ts';
import { recordStep } from './steps.ts';
import type { Clocked, TextRefusal } from './text-refusal.ts';
import { findVersion, moveVersion, type TextVersion, versions } from './text-version.ts';

export interface MissingTranslation {
  locale: Locale;
  /** State of the text in this language; `none` if there is no version. */
  state: TextVersion['state'] | 'none';
  forms: string[];
}

export type ScheduleResult =
  | { outcome: 'scheduled'; publishAt: string; together: TextVersion[] }
  | { outcome: 'in_the_past'; now: string }
  | { outcome: 'invalid_time' }
  /** A live form shows the text in languages that are not ready to be published. */
  | { outcome: 'translation_missing'; lacking: MissingTranslation[] }
  | { outcome: 'blocked'; check: Check }
  | TextRefusal;

/**
 * Sets when an approved version goes live. A material change is published together with the approved versions in the
 * other languages, so that people are asked for the same thing in every language.
 */
export async function scheduleVersion(
  { db, now }: Clocked,
  actor: Actor,
  versionId: string,
  when: string | 'at_once',
): Promise<ScheduleResult> {
  requireAbility(actor, 'texts.approve');
  const at = now().toISOString();
  const publishAt = when === 'at_once' ? at : isoOf(when);
  if (!publishAt) return { outcome: 'invalid_time' };
  if (publishAt < at) return { outcome: 'in_the_past', now: at };
  return db.transaction().execute(async (tx): Promise<ScheduleResult> => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' };
    if (version.state !== 'approved' || textBlock(version)) return { outcome: 'wrong_state', version };
    const { together, lacking } = await versionsPublishedTogether(tx, version);
    if (lacking.length > 0) return { outcome: 'translation_missing', lacking };
    for (const one of [version, ...together]) {
      const check = await checkVersion(tx, one);
      if (check.errors.length > 0) return { outcome: 'blocked', check };
    }
    for (const one of [version, ...together]) {
      const moved = await moveVersion(tx, one, { state: 'scheduled', publish_at: publishAt });
      if (!moved) return { outcome: 'wrong_state', version: one };
      await recordStep(tx, one, { kind: 'scheduled', at, actor, details: { publish_at: publishAt } });
    }
    return { outcome: 'scheduled', publishAt, together };
  });
}

/** The versions that must be published at the same time, and the languages that are not ready. */
export async function versionsPublishedTogether(
  tx: Parameters<typeof findVersion>[0],
  version: TextVersion,
): Promise<{ together: TextVersion[]; lacking: MissingTranslation[] }> {
  const forms = await liveFormsAsking(tx, version);
  const together: TextVersion[] = [];
  const lacking: MissingTranslation[] = [];
  for (const locale of localesOf(forms).filter((one) => one !== version.locale)) {
    const siblings = await siblingsOf(tx, version, locale);
    const open = siblings.find(({ state }) => state !== 'live');
    const showing = forms.filter((form) => form.locales.includes(locale)).map(({ key }) => key);
    if (version.decided_change === 'material') {
      const ready = open?.state === 'approved' && open.decided_change === 'material';
      if (ready) together.push(open);
      else lacking.push({ locale, state: open?.state ?? 'none', forms: showing });
    } else if (!siblings.some(({ state }) => state === 'live')) {
      lacking.push({ locale, state: open?.state ?? 'none', forms: showing });
    }
  }
  return { together, lacking };
}

async function siblingsOf(
  tx: Parameters<typeof findVersion>[0],
  version: TextVersion,
  locale: Locale,
): Promise<TextVersion[]> {
  return versions(tx)
    .where('consent_texts.purpose_id', '=', version.purpose_id)
    .where('consent_texts.channel', '=', version.channel)
    .where('consent_texts.locale', '=', locale)
    .where('version.state', 'in', ['draft', 'in_review', 'approved', 'scheduled', 'live'])
    .execute();
}

function isoOf(when: string): string | undefined {
  const time = new Date(when);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** Cancels the scheduled publication of a version, and of those scheduled together with it. */
export async function unscheduleVersion(
  { db, now }: Clocked,
  actor: Actor,
  versionId: string,
  note: string,
): Promise<{ outcome: 'unscheduled' } | TextRefusal> {
  requireAbility(actor, 'texts.approve');
  const at = now().toISOString();
  return db.transaction().execute(async (tx) => {
    const version = await findVersion(tx, versionId);
    if (!version) return { outcome: 'unknown_version' as const };
    if (version.state !== 'scheduled') return { outcome: 'wrong_state' as const, version };
    for (const one of await scheduledTogether(tx, version)) {
      await moveVersion(tx, one, { state: 'approved', publish_at: null });
      await recordStep(tx, one, { kind: 'unscheduled', at, actor, note });
    }
    return { outcome: 'unscheduled' as const };
  });
}

async function scheduledTogether(tx: Tx, version: TextVersion): Promise<TextVersion[]> {
  return versions(tx)
    .where('consent_texts.purpose_id', '=', version.purpose_id)
    .where('consent_texts.channel', '=', version.channel)
    .where('version.state', '=', 'scheduled')
    .where('version.publish_at', '=', version.publish_at)
    .execute();
}
