import type { Db } from '#db/connect.ts';
import type { Channel, Locale, SignupTable } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { type TextBlock, textBlock } from '#src/consent-texts/askable.ts';
import { tokenHash } from '#src/links/confirm-token.ts';
import { findPerson, type PersonWithKey } from '#src/people/contact-points.ts';
import { decryptText } from '#src/people/encryption.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import { channelList } from '#src/sightings/channel-list.ts';
import type { SeenSignup } from '#src/sightings/sightings.ts';
import { findByReplacedLink, findPurgedLink } from './purged-links.ts';
import { type SignupItem, signupItems, textRef } from './signup-items.ts';

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

export type DescribedSignup =
  | {
      state: 'open';
      /** The form was being tested: nothing comes of it. */
      test: boolean;
      locale: Locale;
      form: string | null;
      formTitle: string | null;
      requestedAt: string;
      expiresAt: string;
      maskedAddress: string;
      controller: SignupController;
      items: DescribedItem[];
      /** What the figures need to count an opened link. */
      seen: SeenSignup;
    }
  | {
      state: 'confirmed';
      test: boolean;
      locale: Locale;
      answeredAt: string;
      controller: SignupController;
      items: DescribedItem[];
    }
  | {
      state: 'rejected';
      test: boolean;
      locale: Locale;
      answeredAt: string;
      /** Until when it can be taken back, if it still can. */
      undoUntil: string | null;
      controller: SignupController;
    }
  | { state: 'expired'; locale: Locale; expiredAt: string }
  | { state: 'replaced'; locale: Locale }
  /** Deleted, with everything that was entered. Without a form it came from the preference centre. */
  | { state: 'deleted'; locale: Locale; form: string | null }
  | { state: 'unknown' };

/** What the confirmation page shows. Only reads: mail scanners open links before people do. */
export async function describeSignup(app: App, token: string): Promise<DescribedSignup> {
  const found = await findByToken(app, token);
  if (!found) return describeDeleted(app, token);
  const { signup, replaced } = found;
  const locale = signup.locale;
  if (signup.state === 'open' && replaced) return { state: 'replaced', locale };
  if (signup.state === 'cancelled' || signup.state === 'expired' || isOver(app, signup)) {
    return { state: 'expired', locale, expiredAt: signup.answered_at ?? signup.expires_at };
  }
  return describeFound(app, signup);
}

async function describeDeleted(app: App, token: string): Promise<DescribedSignup> {
  const deleted = await findPurgedLink(app, token);
  return deleted ? { state: 'deleted', ...deleted } : { state: 'unknown' };
}

/** The signup that this token belongs to, or belonged to before a newer mail. */
export async function findByToken(
  app: App,
  token: string,
): Promise<{ signup: SignupTable; replaced: boolean } | undefined> {
  if (!/^[\w-]{43}$/.test(token)) return undefined;
  const hash = tokenHash(token);
  const byHash = (column: 'token_hash' | 'replaced_token_hash') =>
    app.db.selectFrom('signups').selectAll().where(column, '=', hash).executeTakeFirst();
  const current = await byHash('token_hash');
  if (current) return { signup: current, replaced: false };
  const signup = (await byHash('replaced_token_hash')) ?? (await findByReplacedLink(app.db, hash));
  return signup && { signup, replaced: true };
}

export function isOver(app: App, signup: SignupTable): boolean {
  return signup.state === 'open' && signup.expires_at <= app.now().toISOString();
}

async function describeFound(app: App, signup: SignupTable): Promise<DescribedSignup> {
  const { db } = app;
  const person = await findPerson(db, app.keys, signup.person_id);
  if (!person) return { state: 'unknown' };
  const rows = await signupItems(db, signup.id);
  const controller = await controllerOf(db, signup, rows);
  const { locale } = signup;
  const test = signup.test === 1;
  const answeredAt = signup.answered_at ?? signup.requested_at;
  if (signup.state === 'rejected') {
    const undoUntil = signup.expires_at > app.now().toISOString() ? signup.expires_at : null;
    return { state: 'rejected', test, locale, answeredAt, undoUntil, controller };
  }
  const items = await itemsOf(db, person, signup, rows);
  if (signup.state === 'confirmed')
    return { state: 'confirmed', test, locale, answeredAt, controller, items };
  const form = await formOf(db, signup);
  const mailbox = await db
    .selectFrom('contact_points')
    .select('value_enc')
    .where('id', '=', signup.contact_point_id)
    .executeTakeFirst();
  return {
    state: 'open',
    test,
    locale,
    form: form?.key ?? null,
    formTitle: form?.title ?? null,
    requestedAt: signup.requested_at,
    expiresAt: signup.expires_at,
    maskedAddress: mailbox?.value_enc
      ? maskContactPoint('email', decryptText(person.key, mailbox.value_enc))
      : '',
    controller,
    items,
    seen: {
      id: signup.id,
      formId: signup.test ? null : signup.form_id,
      source: signup.source,
      channels: channelList(rows.map(({ channel }) => channel)),
      requestedAt: signup.requested_at,
    },
  };
}

async function itemsOf(
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

async function controllerOf(db: Db, signup: SignupTable, rows: SignupItem[]): Promise<SignupController> {
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

async function formOf(db: Db, signup: SignupTable): Promise<{ key: string; title: string } | undefined> {
  if (!signup.form_version_id) return undefined;
  const row = await db
    .selectFrom('form_versions')
    .innerJoin('forms', 'forms.id', 'form_versions.form_id')
    .select(['forms.key', 'form_versions.definition'])
    .where('form_versions.id', '=', signup.form_version_id)
    .executeTakeFirst();
  if (!row) return undefined;
  const { words } = JSON.parse(row.definition) as { words: Record<Locale, { heading: string }> };
  return { key: row.key, title: words[signup.locale].heading };
}
