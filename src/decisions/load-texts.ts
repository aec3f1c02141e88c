import type { Db } from '#db/connect.ts';
import { keyList, keyTable } from '#db/key-lists.ts';
import { prepared } from '#db/prepared.ts';
import { namesAutomaticCalls } from './automatic-calls.ts';
import { type Measuring, measuredIn } from './measured-words.ts';
import { type PromisedFrequency, promisedFrequency } from './promised-frequency.ts';

/** What decisions need to know of a consent text version. */
export interface TextFacts {
  /** `product-news/email/de@1.0` */
  ref: string;
  invalidatedAt: string | null;
  liveFrom: string | null;
  retiredAt: string | null;
  frequency: PromisedFrequency | undefined;
  namesAutomaticCalls: boolean;
  measures: Measuring;
}

export async function loadTexts(db: Db, ids: ReadonlySet<string>): Promise<Map<string, TextFacts>> {
  if (ids.size === 0) return new Map();
  const rows = await textVersions(db, { list: keyList(db, [...ids]) });
  return new Map(
    rows.map((row) => [
      row.id,
      {
        ref: `${row.key}/${row.channel}/${row.locale}@${row.major}.${row.minor}`,
        invalidatedAt: row.invalidated_at,
        liveFrom: row.live_from,
        retiredAt: row.retired_at,
        ...promisesOf(row.id, row.wording),
      },
    ]),
  );
}

const textVersions = prepared((db, of: { list: string }) =>
  db
    .selectFrom(keyTable(db, of.list).as('keys'))
    .innerJoin('consent_text_versions as version', 'version.id', 'keys.value')
    .innerJoin('consent_texts', 'consent_texts.id', 'version.text_id')
    .innerJoin('purposes', 'purposes.id', 'consent_texts.purpose_id')
    .select(['version.id', 'version.major', 'version.minor', 'version.wording', 'version.invalidated_at'])
    .select(['version.live_from', 'version.retired_at'])
    .select(['consent_texts.channel', 'consent_texts.locale', 'purposes.key']),
);

type Promises = Pick<TextFacts, 'frequency' | 'namesAutomaticCalls' | 'measures'>;

// The words of a version never change, so they are read once.
const promises = new Map<string, Promises>();
const mostVersions = 1000;

function promisesOf(versionId: string, wording: string): Promises {
  const known = promises.get(versionId);
  if (known) return known;
  if (promises.size >= mostVersions) promises.clear();
  const read = {
    frequency: promisedFrequency(wording),
    namesAutomaticCalls: namesAutomaticCalls(wording),
    measures: measuredIn(wording),
  };
  promises.set(versionId, read);
  return read;
}
