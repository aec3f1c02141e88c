/** The four hot pages: what is asked of each, and how much of the database it writes or reads. */
import type { Db } from '#db/connect.ts';
import { findForm } from '#src/forms/find-form.ts';
import { confirmToken } from '#src/links/confirm-token.ts';
import { manageLink, unsubscribeLink } from '#src/links/signed-link.ts';
import { paths } from '#src/routes.ts';
import type { Keys } from '#src/secrets/keys.ts';
import type { Load } from '../load.ts';

export interface Act {
  name: string;
  method: Load['method'];
  expectedStatus: number;
  /** What the bare server is asked for: as many rows as the act writes, or reads. */
  bare: { path: string; body?: string };
  /** Whether the same requests may be asked again and again. */
  over: boolean;
  /** Requests that were not sent before. */
  requests: (world: World) => Promise<Load['requests']>;
}

/** What the bench knows of the instance that it measures. */
export interface World {
  db: Db;
  keys: Keys;
  /** How many requests of each act have been sent. */
  used: Map<string, number>;
  /** How often each act has been measured. */
  rounds: Map<string, number>;
  /** Mails that went out after each load. */
  mails: { sent: number; seconds: number };
}

const consents = ['product-news:email', 'event-invitations:email'];
const mostAtOnce = 60_000;

export const acts: Act[] = [
  {
    name: 'signup POST',
    method: 'POST',
    expectedStatus: 303,
    // Person, contact point, signup, evidence and mail; an event, a permission and an item for each of two consents.
    bare: { path: '/commit/11', body: signupBody('bare@example.org', '0'.repeat(36)) },
    over: false,
    async requests({ db, used }) {
      const form = await findForm(db, 'newsletter');
      const from = used.get('signup POST') ?? 0;
      const path = paths.form('newsletter');
      return Array.from({ length: mostAtOnce }, (_, index) => ({
        path,
        body: signupBody(`reader-${from + index}@example.org`, form?.version.id ?? ''),
      }));
    },
  },
  {
    name: 'confirmation POST',
    method: 'POST',
    expectedStatus: 303,
    // Signup, person, contact point, evidence and mail; an event, a permission and a count for each of two consents.
    bare: { path: '/commit/11', body: 'action=confirm' },
    over: false,
    async requests({ db, keys }) {
      const signups = await db
        .selectFrom('signups')
        .select(['id', 'generation'])
        .where('state', '=', 'open')
        .limit(mostAtOnce)
        .execute();
      return signups.map(({ id, generation }) => ({
        path: paths.confirm(confirmToken(keys, id, generation)),
        body: 'action=confirm',
      }));
    },
  },
  {
    name: 'preferences GET',
    method: 'GET',
    expectedStatus: 200,
    bare: { path: '/read/28' },
    over: true,
    async requests({ db, keys }) {
      const ids = await confirmedContactPoints(db, 0);
      return ids.map((id) => ({ path: paths.preferences(manageLink(keys, id, 0, new Date())) }));
    },
  },
  {
    name: 'one-click POST',
    method: 'POST',
    expectedStatus: 200,
    // Evidence; an event, a permission and two counts for each of two consents.
    bare: { path: '/commit/9', body: 'List-Unsubscribe=One-Click' },
    over: false,
    async requests({ db, keys, used }) {
      const ids = await confirmedContactPoints(db, used.get('one-click POST') ?? 0);
      return ids.map((id) => ({
        path: paths.unsubscribe(unsubscribeLink(keys, id, 0)),
        body: 'List-Unsubscribe=One-Click',
      }));
    },
  },
];

function signupBody(email: string, formVersion: string): string {
  const fields = new URLSearchParams({
    form_version: formVersion,
    lang: 'de',
    source: '',
    remarks: '',
    email,
  });
  for (const consent of consents) fields.append('consent', consent);
  return fields.toString();
}

async function confirmedContactPoints(db: Db, offset: number): Promise<string[]> {
  const rows = await db
    .selectFrom('contact_points')
    .select('id')
    .where('verified_at', 'is not', null)
    .orderBy('id')
    .limit(mostAtOnce)
    .offset(offset)
    .execute();
  return rows.map((row) => row.id);
}
