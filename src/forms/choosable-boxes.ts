import type { Db, Tx } from '#db/connect.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { type TextBlock, textBlock } from '#src/consent-texts/askable.ts';
import { openStates, versionNumber } from '#src/consent-texts/text-version.ts';
import { eachLocale } from '#src/i18n/locales.ts';
import { channelOrder } from '#src/purposes/purpose.ts';

/** The state of a box's text in one language. */
export type BoxWords =
  | { state: 'live'; number: string; wording: string }
  /** Live, but legal has stopped it or declared it invalid: nobody may be asked. */
  | { state: TextBlock; number: string }
  /** Approved; `at`: when it goes live, if it is scheduled. */
  | { state: 'waiting'; at: string | null }
  /** A draft or in review. */
  | { state: 'open' }
  /** Was live once. */
  | { state: 'retired' }
  | { state: 'none' };

/** A purpose on a channel that a form can ask for. */
export interface ChoosableBox {
  /** `product-news:email` */
  value: string;
  purpose: string;
  channel: Channel;
  title: string;
  /** The purpose is retired. */
  retired: boolean;
  words: Record<Locale, BoxWords>;
}

/** Every purpose of a company on each of its channels, in display order. */
export async function choosableBoxes(
  db: Db | Tx,
  controllerId: string,
  reader: Locale,
): Promise<ChoosableBox[]> {
  const places = await db
    .selectFrom('purposes')
    .innerJoin('purpose_channels', 'purpose_channels.purpose_id', 'purposes.id')
    .leftJoin('purpose_translations', (join) =>
      join
        .onRef('purpose_translations.purpose_id', '=', 'purposes.id')
        .on('purpose_translations.locale', '=', reader),
    )
    .select(['purposes.id', 'purposes.key', 'purposes.position', 'purposes.retired_at'])
    .select(['purpose_channels.channel', 'purpose_translations.title'])
    .where('purposes.controller_id', '=', controllerId)
    .execute();
  const texts = await versionsOf(db, controllerId);
  const rank = (channel: Channel) => channelOrder.indexOf(channel);
  return places
    .sort(
      (a, b) => a.position - b.position || a.key.localeCompare(b.key) || rank(a.channel) - rank(b.channel),
    )
    .map(({ id, key, channel, title, retired_at }) => {
      const words = (locale: Locale) =>
        wordsOf(
          texts.filter(
            (text) => text.purpose_id === id && text.channel === channel && text.locale === locale,
          ),
        );
      return {
        value: `${key}:${channel}`,
        purpose: key,
        channel,
        title: title ?? key,
        retired: retired_at !== null,
        words: eachLocale(words),
      };
    });
}

async function versionsOf(db: Db | Tx, controllerId: string) {
  return db
    .selectFrom('consent_text_versions as version')
    .innerJoin('consent_texts', 'consent_texts.id', 'version.text_id')
    .innerJoin('purposes', 'purposes.id', 'consent_texts.purpose_id')
    .select(['consent_texts.purpose_id', 'consent_texts.channel', 'consent_texts.locale'])
    .select(['version.id', 'consent_texts.live_version_id', 'version.state', 'version.wording'])
    .select(['version.major', 'version.minor', 'version.approved_at', 'version.publish_at'])
    .select(['version.stopped_at', 'version.invalidated_at'])
    .where('purposes.controller_id', '=', controllerId)
    .where('version.state', 'in', [...openStates, 'live', 'retired'])
    .execute();
}

function wordsOf(versions: Awaited<ReturnType<typeof versionsOf>>): BoxWords {
  const live = versions.find(({ id, live_version_id }) => id === live_version_id);
  const number = live && (versionNumber(live) ?? '');
  const blocked = live && textBlock(live);
  if (blocked && number !== undefined) return { state: blocked, number };
  if (live && number !== undefined) return { state: 'live', number, wording: live.wording };
  const ready = versions.find(({ state }) => state === 'approved' || state === 'scheduled');
  if (ready) return { state: 'waiting', at: ready.state === 'scheduled' ? ready.publish_at : null };
  if (versions.some(({ state }) => openStates.includes(state))) return { state: 'open' };
  return { state: versions.length > 0 ? 'retired' : 'none' };
}
