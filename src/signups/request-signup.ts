import { sql } from 'kysely';
import type { Tx } from '#db/connect.ts';
import { isUniqueViolation } from '#db/errors.ts';
import { optimistically, requireExclusive } from '#db/optimistic.ts';
import type { ContactPointTable, SignupTable } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import type { Submission } from '#src/forms/parse-submission.ts';
import { pageOnSites } from '#src/forms/sites.ts';
import { newId } from '#src/ids/new-id.ts';
import { type Client, clientHint } from '#src/limits/client.ts';
import { signupLimits } from '#src/limits/defaults.ts';
import { noProof, type Proof } from '#src/limits/proof-of-work.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import {
  addPerson,
  ensureContactPoints,
  findMailbox,
  lookupHash,
  type PersonWithKey,
} from '#src/people/contact-points.ts';
import { unusedUntil } from '#src/purposes/unused-until.ts';
import { pressureOn } from './form-pressure.ts';
import { needsAnswer } from './lifted-by-answer.ts';
import { findOpenMailbox, mayMail, mayMailTester, type OpenMailbox } from './mail-allowance.ts';
import { enqueueConfirmation, openSignup, type Request, type Wish } from './open-signup.ts';
import { rememberReplacedLink } from './purged-links.ts';
import { type SeenMailbox, seenIfOptimistic } from './seen-mailbox.ts';
import { sentHandle } from './sent-handle.ts';
import { minutesAfter, nextLink } from './signup.ts';
import { allowSignup } from './signup-allowance.ts';
import { earlierSignup, isSubmissionId, rememberSubmission } from './submissions.ts';
import { isTester, openTestSignup } from './test-signup.ts';

export type RequestSignupResult =
  | { outcome: 'accepted'; handle: string }
  | { outcome: 'too_many'; retryAfterSeconds: number }
  /** The proof of work was good once, for another signup. */
  | { outcome: 'proof_used' };

/** What came along with a submission and is no part of what is asked for. */
export interface Arrival {
  proof?: Proof;
  /** By which a browser sends the same submission again. */
  submissionId?: string;
  /** The id of the kiosk that it was sent from. */
  kiosk?: string;
  /** What was looked up before all of it was read. */
  seen?: SeenMailbox | undefined;
}

/**
 * Records what someone asks for and promises the mail that lets the owner of the mailbox confirm it.
 *
 * New or known, open, granted, withdrawn or blocked: the answer is the same, only the mail differs.
 */
export async function requestSignup(
  app: App,
  submission: Submission,
  client: Client,
  arrival: Arrival = {},
): Promise<RequestSignupResult> {
  const at = app.now();
  const { mails } = await pressureOn(app, submission.form, { signup: true });
  if (mails.usedUpFor) return { outcome: 'too_many', retryAfterSeconds: mails.usedUpFor };
  const act = () => optimistically(app.db, (tx) => once(tx, app, submission, client, arrival, at));
  // Two first signups of one address at once: the second finds the first one's person when it looks again.
  const result = await act().catch((error) => (isUniqueViolation(error) ? act() : Promise.reject(error)));
  app.mailsQueued();
  return result;
}

/** The same submission once more, over a bad network: the same answer, and nothing is done again. */
async function once(
  tx: Tx,
  app: App,
  submission: Submission,
  client: Client,
  { proof = noProof, submissionId, kiosk, seen }: Arrival,
  at: Date,
): Promise<RequestSignupResult> {
  const { form } = submission;
  const id = isSubmissionId(submissionId) ? submissionId : undefined;
  const earlier = id && (await earlierSignup(tx, app.keys, form.id, id, at));
  if (earlier) return { outcome: 'accepted', handle: handleOf(app, submission, earlier, at) };
  const allowance = await allowSignup(tx, app, form, client, at, { proof, kiosk });
  if (allowance.outcome !== 'allowed') return allowance;
  const signupId = form.switches.testing
    ? await requestTest(tx, app, submission, client, at)
    : await request(tx, app, submission, client, at, seen);
  if (id) await rememberSubmission(tx, app.keys, form.id, id, signupId, at);
  return { outcome: 'accepted', handle: handleOf(app, submission, signupId, at) };
}

/** Answers with the id of the signup that the handle is made of. */
async function request(
  tx: Tx,
  app: App,
  submission: Submission,
  client: Client,
  at: Date,
  seen: SeenMailbox | undefined,
): Promise<string> {
  const address = submission.mailbox.value;
  const lookup = lookupHash(app.keys, 'email', address);
  const looked = seenIfOptimistic(tx, lookup, seen);
  const mailbox = await findOpenMailbox(tx, app.keys, address, at);
  // Nothing could come of it, so nothing is kept; an id that nothing has makes the answer like everyone's.
  if (!mailbox) return newId();
  const known = await (looked?.known ?? findMailbox(tx, app.keys, lookup));
  // A new mailbox can only be added once; what answers a known one must not change meanwhile.
  if (known) requireExclusive(tx);
  const now = at.toISOString();
  const person = known?.person ?? (await addPerson(tx, app.keys, submission.locale, now));
  const asked = await requestOf(tx, app, person, submission, client, now);
  if (known) return answerKnown(tx, app, asked, mailbox, at);
  return (await openSignup(tx, app, asked, at, await mayMail(tx, app, mailbox, at, 'by itself'))).id;
}

async function requestTest(
  tx: Tx,
  app: App,
  submission: Submission,
  client: Client,
  at: Date,
): Promise<string> {
  const lookup = lookupHash(app.keys, 'email', submission.mailbox.value);
  const mailbox = await findOpenMailbox(tx, app.keys, submission.mailbox.value, at);
  if (!mailbox || !(await isTester(tx, submission.form.id, lookup))) return newId();
  const permit = await mayMailTester(tx, app, mailbox, at);
  if (!permit) return newId();
  const now = at.toISOString();
  const person = { ...(await addPerson(tx, app.keys, submission.locale, now)), unlisted: true };
  const asked = await requestOf(tx, app, person, submission, client, now);
  return (await openTestSignup(tx, app, asked, at, permit)).id;
}

/** Made of what was sent and when, whichever signup it leads to. */
export function handleOf(app: App, { mailbox, form }: Submission, signupId: string, at: Date): string {
  const expiresAt = minutesAfter(at, form.confirmWithinHours * 60);
  return sentHandle(app.keys, { signupId, address: mailbox.sendable, expiresAt });
}

async function answerKnown(
  tx: Tx,
  app: App,
  asked: Request,
  mailbox: OpenMailbox,
  at: Date,
): Promise<string> {
  const open = await sameOpenSignup(tx, asked, at);
  if (open) {
    await mailAgain(tx, app, asked, open, mailbox, at);
    return open.id;
  }
  const permit = await mayMail(tx, app, mailbox, at, 'by itself');
  const nothingToAsk =
    (await allGranted(tx, asked.wishes, at.toISOString())) &&
    !(await needsAnswer(tx, asked.mailbox.lookup_hash));
  if (!nothingToAsk) return (await openSignup(tx, app, asked, at, permit)).id;
  if (permit) {
    await enqueueMail(tx, at.toISOString(), {
      kind: 'manage-link',
      person: asked.person,
      contactPointId: asked.mailbox.id,
      locale: asked.locale,
      params: { because: 'already_granted' },
    });
  }
  return newId();
}

/** Asking once more for what is already asked for is asking for the mail again, good for as long as the first. */
async function mailAgain(
  tx: Tx,
  app: App,
  asked: Request,
  open: SignupTable,
  mailbox: OpenMailbox,
  at: Date,
): Promise<void> {
  const limited = app.config.limits && open.mails_sent >= signupLimits.mailsARequest;
  const permit = limited ? undefined : await mayMail(tx, app, mailbox, at, 'by the person');
  if (!permit) return;
  const term = {
    expires_at: minutesAfter(at, asked.confirmWithinHours * 60),
    purge_at: minutesAfter(at, signupLimits.purgeAfterDays * 24 * 60),
  };
  const link = { ...nextLink(app.keys, open, at), ...term };
  await rememberReplacedLink(tx, at, open);
  await tx.updateTable('signups').set(link).where('id', '=', open.id).execute();
  await enqueueConfirmation(tx, at.toISOString(), permit, asked.person, { ...open, ...link });
}

async function wishesOf(
  tx: Tx,
  app: App,
  person: PersonWithKey,
  { consents, form, mailbox, locale, source }: Submission,
  now: string,
): Promise<{ mailbox: ContactPointTable; wishes: Wish[] }> {
  // A submission has one address on a channel, however many boxes are about it.
  const consented = consents.map((consent) => consent.address);
  const addresses = new Map([mailbox, ...consented].map((address) => [address.channel, address]));
  const points = await ensureContactPoints(
    tx,
    app.keys,
    person,
    [...addresses.values()].map(({ channel, value, sendable }) => ({
      channel,
      value,
      typed: sendable,
      source: source ? `form:${form.key} (${source})` : `form:${form.key}`,
    })),
    now,
  );
  const [mailboxPoint] = points as [ContactPointTable];
  const wishes = consents.flatMap(({ consent, address }) => {
    const contactPoint = points.find((point) => point.channel === consent.channel);
    if (!contactPoint) return [];
    return [
      {
        purposeId: consent.purpose_id,
        purpose: consent.purpose,
        channel: consent.channel,
        contactPoint,
        address: address.sendable,
        text: consent.texts[locale],
      },
    ];
  });
  return { mailbox: mailboxPoint, wishes };
}

async function requestOf(
  tx: Tx,
  app: App,
  person: PersonWithKey,
  submission: Submission,
  client: Client,
  now: string,
): Promise<Request> {
  const { mailbox, wishes } = await wishesOf(tx, app, person, submission, now);
  const { form, version, locale, fields, source, consents } = submission;
  const { email: _, ...details } = fields;
  return {
    person,
    mailbox,
    form: { id: form.id, versionId: version.id },
    locale,
    origin: 'web_form',
    source,
    enteredOn: siteAmong(form.allowedOrigins, client.pageUrl),
    confirmWithinHours: form.confirmWithinHours,
    details,
    wishes,
    evidence: {
      form: {
        key: form.key,
        version: version.number,
        version_id: version.id,
        sha256: version.sha256,
        notice: version.definition.words[locale].notice,
      },
      page_url: client.pageUrl,
      typed: { ...fields, consent: consents.map(({ consent }) => consent.value), form_version: version.id },
      action: 'POST form',
      client: clientHint(client),
    },
  };
}

/** Its host alone: anybody can write whatever they like into the path that they send. */
function siteAmong(sites: string[], page: string | null): string | undefined {
  const address = page ? pageOnSites(page, sites) : undefined;
  return address && new URL(address).host;
}

/**
 * Among the newest signups of this mailbox only, so that the work does not grow with what was asked for before. Whoever
 * asked for more than that meanwhile gets a further signup, and no more mails.
 */
async function sameOpenSignup(tx: Tx, asked: Request, at: Date): Promise<SignupTable | undefined> {
  const newest = tx
    .selectFrom('signups')
    .selectAll()
    .where('contact_point_id', '=', asked.mailbox.id)
    .orderBy('requested_at', 'desc')
    .limit(sql.lit(mostCompared));
  const rows = await tx
    .selectFrom(newest.as('signups'))
    .innerJoin('signup_items', 'signup_items.signup_id', 'signups.id')
    .selectAll('signups')
    .select(['signup_items.contact_point_id as asked_point', 'signup_items.text_version_id as asked_text'])
    .where('signups.state', '=', 'open')
    .where('signups.expires_at', '>', at.toISOString())
    .orderBy('signups.requested_at', 'desc')
    .execute();
  const open = Map.groupBy(rows, (row) => row.id);
  for (const items of open.values()) {
    const asksFor = (wish: Wish) =>
      items.some((item) => item.asked_point === wish.contactPoint.id && item.asked_text === wish.text.id);
    const [first] = items;
    if (!first || !asked.wishes.every(asksFor)) continue;
    const { asked_point: _, asked_text: __, ...signup } = first;
    return signup;
  }
  return undefined;
}

const mostCompared = 20;

/** Whether everything asked for is allowed already, in the same words, and has not lain unused for too long. */
async function allGranted(tx: Tx, wishes: Wish[], now: string): Promise<boolean> {
  const granted = await tx
    .selectFrom('permissions')
    .select(['id', 'contact_point_id', 'purpose_id', 'text_version_id'])
    .where(
      'contact_point_id',
      'in',
      wishes.map((wish) => wish.contactPoint.id),
    )
    .where('state', '=', 'granted')
    .execute();
  const ends = await unusedUntil(
    tx,
    granted.map(({ id }) => id),
  );
  const lapsed = (id: string) => (ends.get(id)?.at ?? now) < now;
  return wishes.every((wish) =>
    granted.some(
      (row) =>
        !lapsed(row.id) &&
        row.contact_point_id === wish.contactPoint.id &&
        row.purpose_id === wish.purposeId &&
        row.text_version_id === wish.text.id,
    ),
  );
}
