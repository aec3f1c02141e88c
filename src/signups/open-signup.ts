import type { Tx } from '#db/connect.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import type { SignupTable } from '#db/schema/signups.ts';
import type { WriteTarget } from '#db/writes.ts';
import type { App } from '#src/app/app.ts';
import { type EvidenceContent, recordEvidence } from '#src/evidence/record-evidence.ts';
import { appendTo } from '#src/ledger/append.ts';
import { lockedPermissions } from '#src/ledger/current-permissions.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { insertSignup } from './insert-signup.ts';
import type { MailPermit } from './mail-allowance.ts';
import { insertSignupItems } from './signup.ts';
import type { Request } from './signup-request.ts';

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
