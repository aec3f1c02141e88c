import type { Tx } from '#db/connect.ts';
import type {
  Channel,
  ContactPointTable,
  EventOrigin,
  Locale,
  PermissionTable,
  SignupTable,
} from '#db/schema.ts';
import type { WriteTarget } from '#db/writes.ts';
import type { App } from '#src/app/app.ts';
import { type EvidenceContent, recordEvidence } from '#src/evidence/record-evidence.ts';
import { newId } from '#src/ids/new-id.ts';
import { appendTo } from '#src/ledger/append.ts';
import { lockedPermissions } from '#src/ledger/current-permissions.ts';
import { signupLimits } from '#src/limits/defaults.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { encryptJson } from '#src/people/encryption.ts';
import type { MailPermit } from './mail-allowance.ts';
import { insertSignupItems, insertSignups, minutesAfter, nextLink } from './signup.ts';

/** One thing that is asked for: to be contacted at this contact point for this purpose, in these words. */
export interface Wish {
  purposeId: string;
  purpose: string;
  channel: Channel;
  contactPoint: ContactPointTable;
  /** The address as the person gave it. */
  address: string;
  text: { id: string; ref: string; wording: string; sha256: string };
}

export interface Request {
  person: PersonWithKey;
  mailbox: ContactPointTable;
  form: { id: string; versionId: string } | null;
  locale: Locale;
  origin: EventOrigin;
  /** The member of staff or the key that recorded it for the person. */
  actor?: string;
  source: string | null;
  /** The allowed site whose page the form stood on. */
  enteredOn?: string | undefined;
  confirmWithinHours: number;
  details: Record<string, string>;
  wishes: Wish[];
  evidence: Omit<EvidenceContent, 'act' | 'at' | 'consents' | 'locale' | 'source'>;
}

/** Records the request and what shows it; with a permit, also promises the mail that asks to confirm it. */
export async function openSignup(
  tx: Tx,
  app: App,
  request: Request,
  at: Date,
  permit: MailPermit | undefined,
): Promise<SignupTable> {
  const points = request.wishes.map(({ contactPoint }) => contactPoint.id);
  const current = request.person.isNew ? [] : await lockedPermissions(tx, points);
  return writeSignup(tx, app, request, at, permit, current);
}

/** The same for a caller that knows the current permissions of what is wished; someone new has none. */
export async function writeSignup(
  to: WriteTarget,
  app: App,
  request: Request,
  at: Date,
  permit: MailPermit | undefined,
  current: PermissionTable[],
): Promise<SignupTable> {
  const signup = await insertSignup(to, app, request, at, permit !== undefined);
  const now = at.toISOString();
  const evidence = await recordEvidence(to, request.person, evidenceOf(request, now));
  const permissions = await appendTo(
    to,
    now,
    request.wishes.map((wish) => ({
      kind: 'requested',
      contact_point_id: wish.contactPoint.id,
      purpose_id: wish.purposeId,
      channel: wish.channel,
      basis: 'consent',
      text_version_id: wish.text.id,
      form_version_id: request.form?.versionId ?? null,
      signup_id: signup.id,
      origin: request.origin,
      actor: request.actor ?? 'person',
      evidence_grade: null,
      channel_verified: 0,
    })),
    evidence,
    current,
  );
  await insertSignupItems(
    to,
    request.wishes.map((wish, position) => ({
      signup_id: signup.id,
      purpose_id: wish.purposeId,
      channel: wish.channel,
      contact_point_id: wish.contactPoint.id,
      permission_id: permissions[position]?.id ?? '',
      text_version_id: wish.text.id,
      position,
    })),
  );
  if (permit) await enqueueConfirmation(to, now, permit, request.person, signup);
  return signup;
}

export async function enqueueConfirmation(
  to: WriteTarget,
  now: string,
  _permit: MailPermit,
  person: PersonWithKey,
  signup: SignupTable,
): Promise<void> {
  await enqueueMail(to, now, {
    kind: 'confirm-signup',
    person,
    contactPointId: signup.contact_point_id,
    signup: { id: signup.id, generation: signup.generation },
    locale: signup.locale,
    params: {},
  });
}

/** The row alone. `test` as in the data dictionary. */
export async function insertSignup(
  to: WriteTarget,
  app: App,
  request: Omit<Request, 'wishes' | 'evidence'>,
  at: Date,
  mail: boolean,
  test = 0,
): Promise<SignupTable> {
  const blank = { id: newId(), generation: 0, token_hash: null, mails_sent: 0 };
  const signup: SignupTable = {
    ...blank,
    person_id: request.person.id,
    contact_point_id: request.mailbox.id,
    form_id: request.form?.id ?? null,
    form_version_id: request.form?.versionId ?? null,
    locale: request.locale,
    origin: request.origin,
    source: request.source,
    state: 'open',
    requested_at: at.toISOString(),
    expires_at: minutesAfter(at, request.confirmWithinHours * 60),
    purge_at: minutesAfter(at, signupLimits.purgeAfterDays * 24 * 60),
    answered_at: null,
    replaced_token_hash: null,
    code_expires_at: null,
    code_tries: 0,
    last_mail_at: null,
    details_enc: isEmpty(request.details) ? null : encryptJson(request.person.key, request.details),
    entered_on: request.enteredOn ?? null,
    test,
    ...(mail ? nextLink(app.keys, blank, at) : {}),
  };
  await insertSignups(to, [signup]);
  return signup;
}

function isEmpty(details: Request['details']): boolean {
  return Object.keys(details).length === 0;
}

function evidenceOf(request: Request, now: string): EvidenceContent {
  return {
    act: 'request',
    at: now,
    locale: request.locale,
    source: request.source,
    consents: request.wishes.map((wish) => ({
      value: `${wish.purpose}:${wish.channel}`,
      text_version: wish.text.ref,
      wording: wish.text.wording,
      sha256: wish.text.sha256,
      contact_point: wish.address,
    })),
    ...request.evidence,
  };
}
