import type { Db, Tx } from '#db/connect.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { ruleLanguage } from './rule-language.ts';
import type { CheckInput, Company, Frequency } from './wording-check/check-input.ts';

/** The names and promises that belong to a wording, frozen at approval. Missing fields are not checked. */
export interface FrozenNames {
  controller: string;
  controller_address?: string;
  third_parties: { name: string; place: string; line_of_business: string }[];
  purpose?: string;
  channel?: Channel;
  title?: string;
  terms?: string[];
  frequency?: Frequency;
}

interface Place {
  purpose_id: string;
  purpose: string;
  channel: Channel;
  locale: Locale;
}

export async function currentNames(db: Db | Tx, text: Place): Promise<FrozenNames> {
  const purpose = await db
    .selectFrom('purposes')
    .innerJoin('controllers', 'controllers.id', 'purposes.controller_id')
    .leftJoin('purpose_translations', (join) =>
      join
        .onRef('purpose_translations.purpose_id', '=', 'purposes.id')
        .on('purpose_translations.locale', '=', text.locale),
    )
    .leftJoin('purpose_channels', (join) =>
      join
        .onRef('purpose_channels.purpose_id', '=', 'purposes.id')
        .on('purpose_channels.channel', '=', text.channel),
    )
    .select(['controllers.legal_name', 'controllers.address'])
    .select(['purpose_translations.title', 'purpose_translations.terms'])
    .select(['purpose_channels.frequency_times', 'purpose_channels.frequency_per'])
    .where('purposes.id', '=', text.purpose_id)
    .executeTakeFirstOrThrow();
  const third_parties = await db
    .selectFrom('purpose_third_parties')
    .select(['name', 'place', 'line_of_business'])
    .where('purpose_id', '=', text.purpose_id)
    .orderBy('name')
    .execute();
  return {
    controller: purpose.legal_name,
    controller_address: purpose.address,
    third_parties,
    purpose: text.purpose,
    channel: text.channel,
    title: purpose.title ?? undefined,
    terms: termsIn(purpose.terms),
    frequency: frequencyOf(purpose),
  };
}

export function readNames(version: { names: string }): FrozenNames {
  return JSON.parse(version.names) as FrozenNames;
}

/** The input of the wording check. */
export function checkInputOf(
  names: FrozenNames,
  text: { wording: string; locale: Locale; channel: Channel },
  more: Pick<CheckInput, 'otherLocales' | 'reader'> = {},
): CheckInput {
  return {
    locale: ruleLanguage(text.locale),
    wording: text.wording,
    title: names.title,
    channels: [text.channel],
    controllers: [{ name: names.controller, place: townOf(names.controller_address) }],
    recipients: names.third_parties.map(companyOf),
    purposes: names.purpose ? [{ key: names.purpose }] : undefined,
    terms: names.terms,
    frequency: names.frequency,
    ...more,
  };
}

/** An empty list means that the terms are not known. */
function termsIn(json: string | null): string[] | undefined {
  const terms = JSON.parse(json ?? '[]') as string[];
  return terms.length > 0 ? terms : undefined;
}

function frequencyOf(row: {
  frequency_times: number | null;
  frequency_per: Frequency['per'] | null;
}): Frequency | undefined {
  const { frequency_times: times, frequency_per: per } = row;
  return times && per ? { times, per } : undefined;
}

function companyOf(party: FrozenNames['third_parties'][number]): Company {
  return { name: party.name, place: party.place, lineOfBusiness: party.line_of_business };
}

/** "Musterstraße 1, 63452 Hanau" → "Hanau" */
function townOf(address: string | undefined): string | undefined {
  return /\d{4,5}\s+([^,]+)/u.exec(address ?? '')?.[1]?.trim();
}
