import { type Db, isOneOf } from '#db/connect.ts';
import { type PromisedFrequency, promisedFrequency } from './promised-frequency.ts';

/** What decisions need to know of the words that a permission was given in. */
export interface TextFacts {
  /** `product-news/email/de@1.0` */
  ref: string;
  invalidatedAt: string | null;
  frequency: PromisedFrequency | undefined;
}

export async function loadTexts(db: Db, ids: ReadonlySet<string>): Promise<Map<string, TextFacts>> {
  if (ids.size === 0) return new Map();
  const rows = await db
    .selectFrom('consent_text_versions as version')
    .innerJoin('consent_texts', 'consent_texts.id', 'version.text_id')
    .innerJoin('purposes', 'purposes.id', 'consent_texts.purpose_id')
    .select(['version.id', 'version.major', 'version.minor', 'version.wording', 'version.invalidated_at'])
    .select(['consent_texts.channel', 'consent_texts.locale', 'purposes.key'])
    .where(isOneOf(db, 'version.id', [...ids]))
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        ref: `${row.key}/${row.channel}/${row.locale}@${row.major}.${row.minor}`,
        invalidatedAt: row.invalidated_at,
        frequency: frequencyOf(row.id, row.wording),
      },
    ]),
  );
}

// The words of a version never change, so what was read out of them once stays right.
const frequencies = new Map<string, PromisedFrequency | undefined>();
const mostFrequencies = 1000;

function frequencyOf(versionId: string, wording: string): PromisedFrequency | undefined {
  if (!frequencies.has(versionId)) {
    if (frequencies.size >= mostFrequencies) frequencies.clear();
    frequencies.set(versionId, promisedFrequency(wording));
  }
  return frequencies.get(versionId);
}
