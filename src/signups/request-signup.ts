import { defineAct, needsTransaction, performAct } from '#db/acts.ts';
import type { Reader, Tx } from '#db/connect.ts';
import type { ActRows } from '#db/writes.ts';
import type { App } from '#src/app/app.ts';
import { insertEvidence } from '#src/evidence/record-evidence.ts';
import type { Submission } from '#src/forms/parse-submission.ts';
import { newId } from '#src/ids/new-id.ts';
import { insertEvents, savePermissions } from '#src/ledger/append.ts';
import type { Client } from '#src/limits/client.ts';
import { countOneWithin } from '#src/limits/count-hits.ts';
import { noProof, type Proof } from '#src/limits/proof-of-work.ts';
import { insertMails } from '#src/mail/outbox.ts';
import {
  addMissingContactPoints,
  addPerson,
  ensureContactPoints,
  findMailbox,
  insertContactPoints,
  insertPeople,
  lookupHash,
} from '#src/people/contact-points.ts';
import { answerKnown } from './answer-known.ts';
import { pressureOn } from './form-pressure.ts';
import { countMail, mayMail } from './mail-allowance.ts';
import { assertOpenMailbox, checkNotBlocked, findOpenMailbox } from './mailbox-block.ts';
import { openSignup, writeSignup } from './open-signup.ts';
import { addressesOf, requestOf } from './request-of.ts';
import type { SeenMailbox } from './seen-mailbox.ts';
import { handleOf } from './sent-handle.ts';
import { insertSignupItems, insertSignups } from './signup.ts';
import { allowSignup, countSignup, isUsedUp } from './signup-allowance.ts';
import { earlierSignup, insertSubmissions, isSubmissionId, rememberSubmission } from './submissions.ts';
import { requestTest } from './test-signup.ts';

export type RequestSignupResult =
  | { outcome: 'accepted'; handle: string }
  | { outcome: 'too_many'; retryAfterSeconds: number }
  /** The proof of work was good once, for another signup. */
  | { outcome: 'proof_used' };

/** What came with a submission and is not part of the request itself. */
export interface Arrival {
  proof?: Proof;
  /** By it the same submission is recognised when the browser sends it again. */
  submissionId?: string;
  /** The id of the kiosk that it was sent from. */
  kiosk?: string;
  /** What was looked up while the submission was still being read. */
  seen?: SeenMailbox | undefined;
}

const signup = defineAct('signup', [
  checkNotBlocked,
  countOneWithin,
  insertPeople,
  insertContactPoints,
  insertSignups,
  insertEvidence,
  insertEvents,
  savePermissions,
  insertSignupItems,
  insertMails,
  insertSubmissions,
]);

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
  const asked = { ...arrival, submission, client, at };
  let seen = arrival.seen;
  const result = await performAct(app.db, signup, {
    attempt(reader, rows) {
      const first = seen;
      // A second attempt looks again.
      seen = undefined;
      return requestNew(reader, rows, app, { ...asked, seen: first });
    },
    exclusively: (tx) => requestAny(tx, app, asked),
  });
  app.mailsQueued();
  return result;
}

interface Asked extends Arrival {
  submission: Submission;
  client: Client;
  at: Date;
}

/**
 * The signup of a new mailbox within all limits. It can only be added once, so the act is refused when another signup has
 * added it meanwhile; anything else needs a transaction.
 */
async function requestNew(
  reader: Reader,
  rows: ActRows,
  app: App,
  { submission, client, at, seen, proof = noProof, submissionId, kiosk }: Asked,
): Promise<RequestSignupResult | typeof needsTransaction> {
  const { form, locale } = submission;
  const id = isSubmissionId(submissionId) ? submissionId : undefined;
  if (form.switches.testing) return needsTransaction;
  if (id && (await earlierSignup(reader, app.keys, form.id, id, at))) return needsTransaction;
  const brought = { proof, kiosk };
  if (await isUsedUp(reader, app, form, client, at, brought)) return needsTransaction;
  const address = submission.mailbox.value;
  const lookup = lookupHash(app.keys, 'email', address);
  const looked = seen?.lookup === lookup ? seen : undefined;
  if (await (looked?.known ?? findMailbox(reader, app.keys, lookup))) return needsTransaction;

  const now = at.toISOString();
  await countSignup(rows, app, form, client, at, brought);
  const person = await addPerson(rows, app.keys, locale, now);
  const points = await addMissingContactPoints(rows, app.keys, person, addressesOf(submission), now, []);
  const permit = await countMail(rows, app, await assertOpenMailbox(rows, app.keys, address, at), at);
  const request = requestOf(submission, person, points, client);
  const { id: signupId } = await writeSignup(rows, app, request, at, permit, []);
  if (id) await rememberSubmission(rows, app.keys, form.id, id, signupId, at);
  return { outcome: 'accepted', handle: handleOf(app, submission, signupId, at) };
}

/** Any signup. The same submission sent again, over a bad network, gets the same answer and changes nothing. */
async function requestAny(
  tx: Tx,
  app: App,
  { submission, client, at, proof = noProof, submissionId, kiosk }: Asked,
): Promise<RequestSignupResult> {
  const { form } = submission;
  const id = isSubmissionId(submissionId) ? submissionId : undefined;
  const earlier = id && (await earlierSignup(tx, app.keys, form.id, id, at));
  if (earlier) return { outcome: 'accepted', handle: handleOf(app, submission, earlier, at) };
  const allowance = await allowSignup(tx, app, form, client, at, { proof, kiosk });
  if (allowance.outcome !== 'allowed') return allowance;
  const signupId = form.switches.testing
    ? await requestTest(tx, app, submission, client, at)
    : await request(tx, app, submission, client, at);
  if (id) await rememberSubmission(tx, app.keys, form.id, id, signupId, at);
  return { outcome: 'accepted', handle: handleOf(app, submission, signupId, at) };
}

/** Returns the id of the signup that the handle is made of. */
async function request(tx: Tx, app: App, submission: Submission, client: Client, at: Date): Promise<string> {
  const address = submission.mailbox.value;
  const mailbox = await findOpenMailbox(tx, app.keys, address, at);
  // A blocked mailbox gets no mail, so nothing is kept. With an id that belongs to nothing the answer is the usual one.
  if (!mailbox) return newId();
  const known = await findMailbox(tx, app.keys, lookupHash(app.keys, 'email', address));
  const now = at.toISOString();
  const person = known?.person ?? (await addPerson(tx, app.keys, submission.locale, now));
  const points = await ensureContactPoints(tx, app.keys, person, addressesOf(submission), now);
  const asked = requestOf(submission, person, points, client);
  if (known) return answerKnown(tx, app, asked, mailbox, at);
  return (await openSignup(tx, app, asked, at, await mayMail(tx, app, mailbox, at, 'by itself'))).id;
}
