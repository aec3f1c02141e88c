import pino from 'pino';
import type { Channel, PermissionState } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { type Config, readConfig } from '#src/app/config.ts';
import { seedCompany } from '#src/demo/seed-demo.ts';
import { seedDemoKey } from '#src/exchange/api-keys.ts';
import { findForm } from '#src/forms/find-form.ts';
import { type ParsedSubmission, parseSubmission, type Submission } from '#src/forms/parse-submission.ts';
import type { Client } from '#src/limits/client.ts';
import { confirmCode, confirmToken } from '#src/links/confirm-token.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { deriveKeys } from '#src/secrets/keys.ts';
import { openSightings } from '#src/sightings/sightings.ts';
import { requestSignup } from '#src/signups/request-signup.ts';
import { type DatabaseName, openFilledDatabase } from './databases.ts';

export interface TestApp {
  app: App;
  /** Sets the clock forward. */
  pass: (span: { minutes?: number; hours?: number; days?: number }) => void;
  close: () => Promise<void>;
}

/** The demo in a database of its own, with a clock that only moves when told. */
export async function openTestApp(name: DatabaseName, changes: Partial<Config> = {}): Promise<TestApp> {
  const start = '2026-11-02T09:00:00.000Z';
  const { db, url, close } = await openFilledDatabase(name, (empty) =>
    empty.transaction().execute(async (tx) => {
      await seedCompany(tx, start, '2026-01-01T00:00:00.000Z');
      await seedDemoKey(tx, start);
    }),
  );
  const read = readConfig({ DATABASE_URL: url, LIMITS: 'off', LOG_LEVEL: 'silent' });
  if (!read.ok) throw new Error(read.mistakes.join('\n'));
  let clock = Date.parse(start);
  const config = { ...read.config, ...changes };
  const own = {
    config,
    db,
    keys: deriveKeys(config.appSecret),
    now: () => new Date(clock),
    log: pino({ level: 'silent' }),
    mailsQueued: () => {},
  };
  const app: App = { ...own, sightings: openSightings(own) };
  return {
    app,
    pass: ({ minutes = 0, hours = 0, days = 0 }) => {
      clock += ((days * 24 + hours) * 60 + minutes) * 60_000;
    },
    close,
  };
}

export const aClient: Client = {
  address: '192.0.2.7',
  userAgent: 'Mozilla/5.0 Firefox/150.0',
  pageUrl: null,
};

type Fields = Record<string, string | string[]>;

/** What the form makes of these fields; `form_version` is the current one unless given. */
export async function parsed(app: App, form: string, fields: Fields): Promise<ParsedSubmission> {
  const found = await findForm(app.db, form);
  if (!found) throw new Error(`no form ${form}`);
  const all: Fields = { form_version: found.version.id, ...fields };
  const lists = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value].flat()]));
  return parseSubmission(app.db, found, lists, 'de');
}

export async function submission(app: App, form: string, fields: Fields): Promise<Submission> {
  const result = await parsed(app, form, fields);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.submission;
}

/** Signs up and returns the handle of the sent page. */
export async function signUp(
  app: App,
  email: string,
  consents: string[],
  form = 'newsletter',
  more: Fields = {},
) {
  const result = await requestSignup(
    app,
    await submission(app, form, { email, consent: consents, ...more }),
    aClient,
  );
  if (result.outcome !== 'accepted') throw new Error(result.outcome);
  return result.handle;
}

/** The link and code of each confirmation mail to this address, newest first, as its reader finds them. */
export async function confirmationsTo(app: App, email: string): Promise<{ token: string; code: string }[]> {
  const mails = await app.db
    .selectFrom('mails')
    .innerJoin('contact_points', 'contact_points.id', 'mails.contact_point_id')
    .select(['mails.signup_id', 'mails.generation'])
    .where('contact_points.lookup_hash', '=', lookupHash(app.keys, 'email', email))
    .where('mails.kind', '=', 'confirm-signup')
    .orderBy('mails.id', 'desc')
    .execute();
  return mails.map(({ signup_id, generation }) => ({
    token: confirmToken(app.keys, signup_id ?? '', generation ?? 0),
    code: confirmCode(app.keys, signup_id ?? '', generation ?? 0),
  }));
}

export async function newestToken(app: App, email: string): Promise<string> {
  const [newest] = await confirmationsTo(app, email);
  if (!newest) throw new Error(`no confirmation mail to ${email}`);
  return newest.token;
}

export async function mailKindsTo(app: App, email: string): Promise<string[]> {
  const mails = await app.db
    .selectFrom('mails')
    .innerJoin('contact_points', 'contact_points.id', 'mails.contact_point_id')
    .select('mails.kind')
    .where('contact_points.lookup_hash', '=', lookupHash(app.keys, 'email', email))
    .orderBy('mails.id')
    .execute();
  return mails.map((mail) => mail.kind);
}

/** `{ 'product-news:email': 'granted' }` of whoever has this mailbox. */
export async function permissionsOf(app: App, email: string): Promise<Record<string, PermissionState>> {
  const rows = await app.db
    .selectFrom('permissions')
    .innerJoin('contact_points', 'contact_points.id', 'permissions.contact_point_id')
    .innerJoin('contact_points as mailbox', 'mailbox.person_id', 'contact_points.person_id')
    .innerJoin('purposes', 'purposes.id', 'permissions.purpose_id')
    .select(['purposes.key', 'permissions.channel', 'permissions.state'])
    .where('mailbox.lookup_hash', '=', lookupHash(app.keys, 'email', email))
    .orderBy('purposes.position')
    .execute();
  return Object.fromEntries(rows.map((row) => [`${row.key}:${row.channel satisfies Channel}`, row.state]));
}
