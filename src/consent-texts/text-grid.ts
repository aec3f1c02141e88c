import type { Db } from '#db/connect.ts';
import type { TextState } from '#db/schema/consent-texts.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { locales } from '#src/i18n/locales.ts';
import { type TextBlock, textBlock } from './askable.ts';
import { countPermissionsByText, noPermissions, type PermissionCounts } from './permission-counts.ts';
import { openStates, versionNumber } from './text-version.ts';

export interface GridCell {
  locale: Locale;
  /** `blocked`: noPermissions may be asked with it. */
  live: { number: string; reviewNeeded: boolean; blocked: TextBlock | undefined } | null;
  open: TextState | null;
  /** Given to any version of this text. */
  permissions: PermissionCounts;
}

export interface GridRow {
  purpose: string;
  title: string;
  channel: Channel;
  cells: GridCell[];
}

const channelOrder: Channel[] = ['email', 'phone', 'sms', 'fax', 'post'];

/** Purpose × channel × language: the live and the open version, and the permissions. */
export async function textGrid(db: Db, reader: Locale): Promise<GridRow[]> {
  const [places, texts, counts] = [
    await allPlaces(db, reader),
    await allTexts(db),
    await countPermissionsByText(db),
  ];
  const here = Map.groupBy(texts, (row) => `${row.purpose_id} ${row.channel} ${row.locale}`);
  return places.map((place) => ({
    purpose: place.key,
    title: place.title ?? place.key,
    channel: place.channel,
    cells: locales.map((locale) => {
      return cellOf(locale, here.get(`${place.id} ${place.channel} ${locale}`) ?? [], counts);
    }),
  }));
}

async function allPlaces(db: Db, reader: Locale) {
  const rows = await db
    .selectFrom('purposes')
    .innerJoin('purpose_channels', 'purpose_channels.purpose_id', 'purposes.id')
    .leftJoin('purpose_translations', (join) =>
      join
        .onRef('purpose_translations.purpose_id', '=', 'purposes.id')
        .on('purpose_translations.locale', '=', reader),
    )
    .select(['purposes.id', 'purposes.key', 'purposes.position', 'purpose_channels.channel'])
    .select('purpose_translations.title')
    .where('purposes.retired_at', 'is', null)
    .execute();
  return rows.sort(
    (a, b) => a.position - b.position || channelOrder.indexOf(a.channel) - channelOrder.indexOf(b.channel),
  );
}

type TextRow = Awaited<ReturnType<typeof allTexts>>[number];

/** One row per live or open version; a text without any has one row without version. */
async function allTexts(db: Db) {
  return db
    .selectFrom('consent_texts')
    .leftJoin('consent_text_versions as version', (join) =>
      join
        .onRef('version.text_id', '=', 'consent_texts.id')
        .on('version.state', 'in', [...openStates, 'live']),
    )
    .select(['consent_texts.id', 'consent_texts.purpose_id', 'consent_texts.channel', 'consent_texts.locale'])
    .select(['version.state', 'version.major', 'version.minor', 'version.approved_at'])
    .select(['version.review_needed', 'version.invalidated_at', 'version.stopped_at'])
    .execute();
}

function cellOf(locale: Locale, rows: TextRow[], counts: Map<string, PermissionCounts>): GridCell {
  const live = rows.find(({ state }) => state === 'live');
  const open = rows.find(({ state }) => state && openStates.includes(state));
  return {
    locale,
    live: live
      ? {
          number: versionNumber(live as Parameters<typeof versionNumber>[0]) ?? '',
          reviewNeeded: live.review_needed === 1,
          blocked: textBlock(live),
        }
      : null,
    open: open?.state ?? null,
    permissions: counts.get(rows[0]?.id ?? '') ?? noPermissions,
  };
}
