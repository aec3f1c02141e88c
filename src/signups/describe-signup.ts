import type { SignupTable } from '#db/schema/signups.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { findPerson } from '#src/people/contact-points.ts';
import { decryptText } from '#src/people/encryption.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import { channelList } from '#src/sightings/channel-list.ts';
import type { SeenSignup } from '#src/sightings/sightings.ts';
import {
  controllerOf,
  type DescribedItem,
  formOf,
  itemsOf,
  type SignupController,
} from './describe-items.ts';
import { findByToken, isOver } from './find-by-token.ts';
import { findPurgedLink } from './purged-links.ts';
import { signupItems } from './signup-items.ts';

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
