import type { Db } from '#db/connect.ts';
import type { SignupTable } from '#db/schema/signups.ts';
import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import { type TextBlock, textBlock } from '#src/consent-texts/askable.ts';
import { inLocale } from '#src/i18n/locales.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptText } from '#src/people/encryption.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import { type SignupItem, textRef } from './signup-items.ts';

export interface DescribedItem {
  title: string;
  channel: Channel;
  /** Masked: the person with the link may not be the one who typed the address. */
  contactPoint: string;
  wording: string;
  locale: Locale;
  textRef: string;
  /** Whether confirming by this mail shows that the address is theirs. */
  verifiedByThis: boolean;
  thirdParties: { name: string; place: string; line_of_business: string }[];
  /** Why it cannot be confirmed, or was not confirmed with the rest, or counts no longer. */
  notAsked: TextBlock | undefined;
  /** It was left out when the rest was confirmed. */
  dropped: boolean;
}

export interface SignupController {
  legal_name: string;
  address: string;
  privacy_email: string;
  privacy_url: string;
  privacy_version: string;
}

export async function itemsOf(
  db: Db,
  person: PersonWithKey,
  signup: SignupTable,
  rows: SignupItem[],
): Promise<DescribedItem[]> {
  const purposeIds = rows.map((row) => row.purpose_id);
  if (purposeIds.length === 0) return [];
  const titles = await db
    .selectFrom('purpose_translations')
    .select(['purpose_id', 'title'])
    .where('purpose_id', 'in', purposeIds)
    .where('locale', '=', signup.locale)
    .execute();
  const thirdParties = await db
    .selectFrom('purpose_third_parties')
    .selectAll()
    .where('purpose_id', 'in', purposeIds)
    .orderBy('name')
    .execute();
  return rows.map((row) => ({
    title: titles.find((title) => title.purpose_id === row.purpose_id)?.title ?? row.purpose,
    channel: row.channel,
    contactPoint: row.value_enc ? maskContactPoint(row.channel, decryptText(person.key, row.value_enc)) : '',
    wording: row.wording,
    locale: row.locale,
    textRef: textRef(row),
    verifiedByThis: row.contact_point_id === signup.contact_point_id,
    notAsked: textBlock(row),
    dropped: row.dropped_at !== null,
    thirdParties: thirdParties.filter((party) => party.purpose_id === row.purpose_id),
  }));
}

export async function controllerOf(
  db: Db,
  signup: SignupTable,
  rows: SignupItem[],
): Promise<SignupController> {
  const ofForm = signup.form_id
    ? await db
        .selectFrom('forms')
        .select('controller_id as id')
        .where('id', '=', signup.form_id)
        .executeTakeFirst()
    : undefined;
  return db
    .selectFrom('controllers')
    .select(['legal_name', 'address', 'privacy_email', 'privacy_url', 'privacy_version'])
    .where('id', '=', ofForm?.id ?? rows[0]?.controller_id ?? '')
    .executeTakeFirstOrThrow();
}

export async function formOf(
  db: Db,
  signup: SignupTable,
): Promise<{ key: string; title: string } | undefined> {
  if (!signup.form_version_id) return undefined;
  const row = await db
    .selectFrom('form_versions')
    .innerJoin('forms', 'forms.id', 'form_versions.form_id')
    .select(['forms.key', 'form_versions.definition'])
    .where('form_versions.id', '=', signup.form_version_id)
    .executeTakeFirst();
  if (!row) return undefined;
  const { words } = JSON.parse(row.definition) as { words: Record<Locale, { heading: string }> };
  return { key: row.key, title: inLocale(words, signup.locale).heading };
}
