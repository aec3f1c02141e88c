import type { Db } from '#db/connect.ts';
import { countPermissionsByVersion, noPermissions, type PermissionCounts } from './permission-counts.ts';
import { type Step, stepsOfText } from './steps.ts';
import type { TextPlace } from './text-place.ts';
import { isOpen, type TextVersion, versionsOfText } from './text-version.ts';

export interface DescribedVersion extends TextVersion {
  /** Null for a wording that was installed with the demo. */
  author: string | null;
  approver: string | null;
  /** Name of the person who stopped it last. */
  stopper: string | null;
  permissions: PermissionCounts;
}

export interface DescribedText {
  place: TextPlace;
  titles: Record<string, string>;
  promises: Record<string, string>;
  thirdParties: { name: string; place: string; line_of_business: string }[];
  /** Newest first. */
  versions: DescribedVersion[];
  live: DescribedVersion | undefined;
  open: DescribedVersion | undefined;
  /** Oldest first. */
  steps: Step[];
}

/** Everything about a text; `undefined` if the purpose does not have this channel. */
export async function describeText(db: Db, place: TextPlace): Promise<DescribedText | undefined> {
  const purpose = await db
    .selectFrom('purposes')
    .innerJoin('purpose_channels', 'purpose_channels.purpose_id', 'purposes.id')
    .select('purposes.id')
    .where('purposes.key', '=', place.purpose)
    .where('purpose_channels.channel', '=', place.channel)
    .executeTakeFirst();
  if (!purpose) return undefined;
  const text = await db
    .selectFrom('consent_texts')
    .select('id')
    .where('purpose_id', '=', purpose.id)
    .where('channel', '=', place.channel)
    .where('locale', '=', place.locale)
    .executeTakeFirst();
  const steps = text ? await stepsOfText(db, text.id) : [];
  const versions = text ? await described(db, text.id, steps) : [];
  return {
    place,
    ...(await wordsOfPurpose(db, purpose.id)),
    versions,
    live: versions.find(({ id, live_version_id }) => id === live_version_id),
    open: versions.find(isOpen),
    steps,
  };
}

async function described(db: Db, textId: string, steps: Step[]): Promise<DescribedVersion[]> {
  const versions = await versionsOfText(db, textId);
  const counts = await countPermissionsByVersion(
    db,
    versions.map(({ id }) => id),
  );
  const who = (id: string, kind: Step['kind']) =>
    steps.findLast((step) => step.versionId === id && step.kind === kind)?.actorName ?? null;
  return versions.map((version) => ({
    ...version,
    author: who(version.id, 'created'),
    approver: who(version.id, 'approved'),
    stopper: who(version.id, 'stopped'),
    permissions: counts.get(version.id) ?? noPermissions,
  }));
}

async function wordsOfPurpose(db: Db, purposeId: string) {
  const translations = await db
    .selectFrom('purpose_translations')
    .select(['locale', 'title', 'promise'])
    .where('purpose_id', '=', purposeId)
    .execute();
  const thirdParties = await db
    .selectFrom('purpose_third_parties')
    .select(['name', 'place', 'line_of_business'])
    .where('purpose_id', '=', purposeId)
    .orderBy('name')
    .execute();
  return {
    titles: Object.fromEntries(translations.map((row) => [row.locale, row.title])),
    promises: Object.fromEntries(translations.map((row) => [row.locale, row.promise])),
    thirdParties,
  };
}
