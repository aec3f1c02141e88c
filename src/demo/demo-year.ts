import type { Channel, Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { settleFigures } from '#src/figures/settle-figures.ts';
import { findForm } from '#src/forms/find-form.ts';
import { parseSubmission } from '#src/forms/parse-submission.ts';
import { runDueJobs } from '#src/jobs/scheduler.ts';
import type { Client } from '#src/limits/client.ts';
import { confirmCode, confirmToken } from '#src/links/confirm-token.ts';
import { deliverDue } from '#src/mail/deliver.ts';
import type { SendResult, Transport } from '#src/mail/transport.ts';
import { withdrawByAddress } from '#src/permissions/withdraw-by-address.ts';
import { openSightings } from '#src/sightings/sightings.ts';
import { confirmByCode } from '#src/signups/confirm-by-code.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { describeSignup } from '#src/signups/describe-signup.ts';
import { rejectSignup } from '#src/signups/reject-signup.ts';
import { requestSignup } from '#src/signups/request-signup.ts';
import { readSentHandle } from '#src/signups/sent-handle.ts';
import { newWords } from './new-words.ts';
import { seedDemo } from './seed-demo.ts';
import { type PlannedSignup, planYear } from './year-plan.ts';

export type DemoYearResult =
  | { outcome: 'filled'; signups: number; confirmed: number; withdrawn: number }
  | { outcome: 'not_empty' };

/**
 * Fills an empty database with the demo as it would be after a year: everything that people, mail servers and staff
 * do goes through the acts themselves, with the clock set back, so the ledger adds up like any other.
 */
export async function demoYear(
  app: App,
  { days = 365, onDay = () => {} }: { days?: number; onDay?: (day: number) => void } = {},
): Promise<DemoYearResult> {
  if (app.config.production) throw new Error('A demo is never made in production.');
  const end = app.now().getTime();
  const begin = Math.floor(end / 86_400_000 - days) * 86_400_000;
  let clock = begin;
  const log = app.log.child({}, { level: 'silent' });
  const own = { ...app, log, config: { ...app.config, limits: false }, now: () => new Date(clock) };
  const past: App = { ...own, sightings: openSightings(own) };
  if (!(await seedDemo(past))) return { outcome: 'not_empty' };

  const plan = planYear(days + 1);
  const agenda: { at: number; act: () => Promise<void> }[] = [];
  const at = (minute: number, act: () => Promise<void>) => agenda.push({ at: begin + minute * 60_000, act });
  const counts = { signups: 0, confirmed: 0, withdrawn: 0 };
  for (const day of plan) for (const one of day.signups) at(one.minute, () => signUp(past, one, at, counts));
  for (const { share, act } of deskWork(past)) at(Math.round(share * days) * 1440 + 600, act);

  for (const [day, { shown }] of plan.entries()) {
    for (;;) {
      const next = agenda.reduce<(typeof agenda)[number] | undefined>(
        (first, one) => (first === undefined || one.at < first.at ? one : first),
        undefined,
      );
      const midnight = begin + (day + 1) * 86_400_000;
      if (!next || next.at >= Math.min(midnight, end)) break;
      agenda.splice(agenda.indexOf(next), 1);
      clock = next.at;
      await next.act();
    }
    for (const one of shown) await show(past, one);
    await past.sightings.flush();
    clock = Math.min(begin + (day + 1) * 86_400_000 - 1, end);
    await deliverAll(past);
    await runDueJobs(past);
    onDay(day + 1);
  }
  await settleFigures(past);
  return { outcome: 'filled', ...counts };
}

type Later = (minute: number, act: () => Promise<void>) => void;
type Counts = { signups: number; confirmed: number; withdrawn: number };

async function signUp(app: App, one: PlannedSignup, later: Later, counts: Counts): Promise<void> {
  const form = await findForm(app.db, one.form);
  if (!form) return;
  const email = `${one.refused ? 'unknown' : 'visitor'}-${one.number}@example.org`;
  const fields: Record<string, string[]> = {
    form_version: [form.version.id],
    email: [email],
    consent: one.consents,
    ...(one.source && { source: [one.source] }),
    ...(one.form === 'fair' && contactFields(one)),
  };
  const parsed = await parseSubmission(app.db, form, fields, one.locale);
  if (!parsed.ok) throw new Error(`A planned signup is faulty: ${JSON.stringify(parsed.issues)}`);
  const client = clientOf(one);
  const result = await requestSignup(app, parsed.submission, client);
  if (result.outcome !== 'accepted') throw new Error(`A planned signup was not accepted: ${result.outcome}`);
  counts.signups += 1;
  app.sightings.shown(form, one.source, one.page);
  app.sightings.submitted(form, one.page);
  await deliverAll(app);
  if (one.then === 'nothing' || one.refused) return;
  later(one.minute + one.afterMinutes, async () => {
    const confirmed = await answer(app, one, result.handle, client);
    if (!confirmed) return;
    counts.confirmed += 1;
    if (one.staysDays === null) return;
    later(one.minute + one.staysDays * 1440, async () => {
      await leave(app, email);
      counts.withdrawn += 1;
    });
  });
}

/** What the person finds in the mail, which holds the only copy of link and code, is derived here as the mail's were. */
async function answer(app: App, one: PlannedSignup, handle: string, client: Client): Promise<boolean> {
  const signupId = readSentHandle(app.keys, handle)?.signupId ?? '';
  if (one.then === 'code') {
    return (
      (await confirmByCode(app, handle, confirmCode(app.keys, signupId, 1), client)).outcome === 'confirmed'
    );
  }
  const token = confirmToken(app.keys, signupId, 1);
  const signup = await describeSignup(app, token);
  if (signup.state === 'open') app.sightings.opened(signup.seen);
  if (one.then === 'reject') {
    await rejectSignup(app, token, client);
    return false;
  }
  return (await confirmSignup(app, token, client)).outcome === 'confirmed';
}

async function leave(app: App, email: string): Promise<void> {
  await app.db
    .transaction()
    .execute((tx) =>
      withdrawByAddress(tx, app, { contactPoint: email, how: 'letter' }, { origin: 'staff', actor: 'demo' }),
    );
}

async function show(
  app: App,
  {
    form: key,
    source,
    page,
    times,
  }: { form: string; source: string | null; page: string | null; times: number },
): Promise<void> {
  const form = await findForm(app.db, key);
  for (let time = 0; form && time < times; time += 1) app.sightings.shown(form, source, page);
}

/** Addresses of networks that are there for examples. */
function clientOf({ number, page }: PlannedSignup): Client {
  return {
    address: `2001:db8:${(number % 65_536).toString(16)}::1`,
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
    pageUrl: page,
  };
}

function contactFields({ number }: PlannedSignup): Record<string, string[]> {
  return {
    given_name: ['Erika'],
    family_name: [`Beispiel ${number}`],
    phone: [`+49 6181 ${100_000 + number}`],
    street: [`Musterweg ${1 + (number % 90)}`],
    postal_code: ['63452'],
    city: ['Hanau'],
  };
}

async function deliverAll(app: App): Promise<void> {
  for (;;) {
    const { sent, retried, failed, cancelled } = await deliverDue(app, postOffice, postOffice.batch);
    if (sent + retried + failed + cancelled === 0) return;
  }
}

/** Takes every mail, as a mail server would, and keeps none. */
const postOffice: Transport = {
  name: 'demo year',
  batch: 50,
  asBatch: false,
  send: async (mails) =>
    mails.map(
      ({ to }): SendResult =>
        to.startsWith('unknown-')
          ? { outcome: 'refused', reason: '550 5.1.1 no such mailbox' }
          : { outcome: 'sent', providerId: null, answer: '250 2.0.0 accepted' },
    ),
  close: async () => {},
};

/** New words twice in the year, and some that wait for a second pair of eyes now. */
function deskWork(app: App): { share: number; act: () => Promise<void> }[] {
  const clearer = (purpose: string, channel: Channel, locale: Locale, until: 'live' | 'in_review') => () =>
    newWords(app, { purpose, channel, locale }, until);
  return [
    { share: 0.33, act: clearer('product-news', 'email', 'de', 'live') },
    { share: 0.58, act: clearer('event-invitations', 'email', 'de', 'live') },
    { share: 0.985, act: clearer('product-news', 'post', 'de', 'in_review') },
  ];
}
