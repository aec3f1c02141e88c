import type { Db, Tx } from '#db/connect.ts';
import type { Period } from '#db/schema/purposes.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { eachLocale } from '#src/i18n/locales.ts';

/** The editable part of a purpose. The wording check compares texts with it. */
export interface PurposeDraft {
  titles: Record<Locale, string>;
  promises: Record<Locale, string>;
  /** Product lines and topics that the texts may name. */
  terms: Record<Locale, string[]>;
  dataCategories: Record<Locale, string[]>;
  channels: PurposeChannel[];
  thirdParties: ThirdParty[];
  proofYears: number;
  proofNote: string | null;
}

export interface PurposeChannel {
  channel: Channel;
  frequency: { times: number; per: Period } | null;
  /** Null: the default. */
  flagMonths: number | null;
  denyMonths: number | null;
  nonUseNote: string | null;
}

export interface ThirdParty {
  name: string;
  place: string;
  line_of_business: string;
}

export interface Purpose extends PurposeDraft {
  id: string;
  key: string;
  controller: { id: string; key: string; legalName: string };
  revision: number;
  retiredAt: string | null;
}

export const channelOrder: Channel[] = ['email', 'sms', 'phone', 'fax', 'post'];
export const periods: Period[] = ['day', 'week', 'fortnight', 'month', 'quarter', 'half_year', 'year'];

/** All purposes in display order, or the one with this key. */
export async function loadPurposes(db: Db | Tx, key?: string): Promise<Purpose[]> {
  let query = db
    .selectFrom('purposes')
    .innerJoin('controllers', 'controllers.id', 'purposes.controller_id')
    .select(['purposes.id', 'purposes.key', 'purposes.revision', 'purposes.retired_at'])
    .select(['purposes.proof_years', 'purposes.proof_note'])
    .select([
      'controllers.id as controller_id',
      'controllers.key as controller_key',
      'controllers.legal_name',
    ])
    .orderBy('purposes.position')
    .orderBy('purposes.created_at');
  if (key !== undefined) query = query.where('purposes.key', '=', key);
  const rows = await query.execute();
  if (rows.length === 0) return [];
  const parts = await loadParts(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    controller: { id: row.controller_id, key: row.controller_key, legalName: row.legal_name },
    revision: row.revision,
    retiredAt: row.retired_at,
    proofYears: row.proof_years,
    proofNote: row.proof_note,
    ...parts(row.id),
  }));
}

export async function findPurpose(db: Db | Tx, key: string): Promise<Purpose | undefined> {
  const [purpose] = await loadPurposes(db, key);
  return purpose;
}

export function draftOf(purpose: Purpose): PurposeDraft {
  const { titles, promises, terms, dataCategories, channels, thirdParties, proofYears, proofNote } = purpose;
  return { titles, promises, terms, dataCategories, channels, thirdParties, proofYears, proofNote };
}

async function loadParts(db: Db | Tx, ids: string[]) {
  const translations = await db
    .selectFrom('purpose_translations')
    .selectAll()
    .where('purpose_id', 'in', ids)
    .execute();
  const channels = await db
    .selectFrom('purpose_channels')
    .selectAll()
    .where('purpose_id', 'in', ids)
    .execute();
  const parties = await db
    .selectFrom('purpose_third_parties')
    .selectAll()
    .where('purpose_id', 'in', ids)
    .orderBy('name')
    .execute();
  return (id: string) => {
    const words = <T>(read: (row: (typeof translations)[number] | undefined) => T) =>
      eachLocale((locale) =>
        read(translations.find((row) => row.purpose_id === id && row.locale === locale)),
      );
    return {
      titles: words((row) => row?.title ?? ''),
      promises: words((row) => row?.promise ?? ''),
      terms: words((row) => listIn(row?.terms)),
      dataCategories: words((row) => listIn(row?.data_categories)),
      channels: channels
        .filter((row) => row.purpose_id === id)
        .sort((a, b) => channelOrder.indexOf(a.channel) - channelOrder.indexOf(b.channel))
        .map(channelOf),
      thirdParties: parties
        .filter((row) => row.purpose_id === id)
        .map(({ name, place, line_of_business }) => ({ name, place, line_of_business })),
    };
  };
}

function channelOf(row: {
  channel: Channel;
  frequency_times: number | null;
  frequency_per: Period | null;
  flag_months: number | null;
  deny_months: number | null;
  non_use_note: string | null;
}): PurposeChannel {
  const { frequency_times: times, frequency_per: per } = row;
  return {
    channel: row.channel,
    frequency: times && per ? { times, per } : null,
    flagMonths: row.flag_months,
    denyMonths: row.deny_months,
    nonUseNote: row.non_use_note,
  };
}

function listIn(json: string | undefined): string[] {
  return json ? (JSON.parse(json) as string[]) : [];
}
