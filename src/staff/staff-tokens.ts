import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { defaultLocale } from '#src/i18n/locales.ts';
import { newId } from '#src/ids/new-id.ts';
import { clientNetwork } from '#src/limits/client.ts';
import { countHits, forgetHits } from '#src/limits/count-hits.ts';
import { staffToken } from '#src/links/staff-token.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import { findPerson } from '#src/people/contact-points.ts';
import { recordAudit } from './audit.ts';
import { hashPassword, type PasswordFault, passwordFault } from './passwords.ts';
import { browserCookie, type Recognition, recogniseVisitor, type Visitor } from './recognise-visitor.ts';
import { endSessions } from './sessions.ts';
import { staffEmail } from './staff-email.ts';

export type StaffTokenKind = 'invitation' | 'password_reset';

const hoursOf: Record<StaffTokenKind, number> = { invitation: 7 * 24, password_reset: 2 };

/** Queues the mail with a new link. Earlier links stop working. */
export async function sendStaffToken(tx: Tx, app: App, staffId: string, kind: StaffTokenKind): Promise<void> {
  const staff = await tx.selectFrom('staff').selectAll().where('id', '=', staffId).executeTakeFirstOrThrow();
  const person = await findPerson(tx, app.keys, staff.person_id);
  assert(person, `the mailbox of staff ${staffId} cannot be read`);
  const tokenId = await addToken(tx, app, staffId, kind);
  await enqueueMail(tx, app.now().toISOString(), {
    kind: kind === 'invitation' ? 'staff-invitation' : 'staff-password-reset',
    person,
    contactPointId: staff.contact_point_id,
    locale: staff.locale ?? defaultLocale,
    params: { tokenId, name: staff.name, hours: hoursOf[kind] },
  });
}

/** Creates a new link without a mail. */
export async function createStaffToken(
  tx: Tx,
  app: App,
  staffId: string,
  kind: StaffTokenKind,
): Promise<string> {
  return staffToken(app.keys, await addToken(tx, app, staffId, kind));
}

async function addToken(tx: Tx, app: App, staffId: string, kind: StaffTokenKind): Promise<string> {
  const at = app.now();
  const id = newId();
  await tx.deleteFrom('staff_tokens').where('staff_id', '=', staffId).where('used_at', 'is', null).execute();
  await tx
    .insertInto('staff_tokens')
    .values({
      id,
      staff_id: staffId,
      kind,
      token_hash: hashOf(staffToken(app.keys, id)),
      created_at: at.toISOString(),
      expires_at: new Date(at.getTime() + hoursOf[kind] * 3_600_000).toISOString(),
      used_at: null,
    })
    .execute();
  return id;
}

/** "Forgot password": mails a link to existing accounts. Same result for everyone; the caller evens out the time. */
export async function requestPasswordReset(app: App, typedEmail: string, visitor: Visitor): Promise<void> {
  const email = staffEmail(typedEmail);
  if (!email) return;
  const staff = await app.db.selectFrom('staff').selectAll().where('email', '=', email).executeTakeFirst();
  const known = await recogniseVisitor(app, staff?.id, visitor);
  await app.db.transaction().execute(async (tx) => {
    if (await isOverResetLimit(tx, app, email, visitor, known)) return;
    if (!staff || staff.disabled_at) return;
    await sendStaffToken(tx, app, staff.id, staff.password_hash ? 'password_reset' : 'invitation');
    await recordAudit(tx, app.now().toISOString(), null, 'account.reset_asked', `staff:${staff.id}`);
  });
  app.mailsQueued();
}

/** As with passwords: unrecognised visitors share one limit and cannot use up the limit of the owner. */
async function isOverResetLimit(
  tx: Tx,
  app: App,
  email: string,
  visitor: Visitor,
  known: Recognition,
): Promise<boolean> {
  if (!app.config.limits) return false;
  const network = clientNetwork(visitor);
  const own = known.browser ?? (known.network ? network : undefined);
  const limits = [
    { rule: 'staff-reset', subject: own ? `${email} ${own}` : email, most: 3, minutes: 60 },
    ...(own ? [] : [{ rule: 'staff-reset-network', subject: network, most: 20, minutes: 60 }]),
  ];
  return (await countHits(tx, app.keys, limits, app.now())).some((hit) => hit.exceeded);
}

/** The account of a link; `undefined` if the link is unknown, used or expired. */
export async function describeStaffToken(app: App, token: string) {
  return app.db
    .selectFrom('staff_tokens')
    .innerJoin('staff', 'staff.id', 'staff_tokens.staff_id')
    .select(['staff_tokens.id', 'staff_tokens.kind', 'staff.id as staff_id', 'staff.name', 'staff.email'])
    .where('token_hash', '=', hashOf(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', app.now().toISOString())
    .where('staff.disabled_at', 'is', null)
    .executeTakeFirst();
}

export type SetPasswordResult =
  /** The person has access to the mailbox, so the account recognises their browser from now on. */
  | { outcome: 'set'; browserCookie: string }
  | { outcome: 'unknown_link' }
  | { outcome: 'refused'; fault: PasswordFault };

/** Sets the password by a link, which works once, and ends all sessions. */
export async function setPasswordByToken(
  app: App,
  token: string,
  password: string,
): Promise<SetPasswordResult> {
  const found = await describeStaffToken(app, token);
  if (!found) return { outcome: 'unknown_link' };
  const fault = passwordFault(password, found.email);
  if (fault) return { outcome: 'refused', fault };
  const password_hash = await hashPassword(password);
  return app.db.transaction().execute(async (tx): Promise<SetPasswordResult> => {
    const at = app.now().toISOString();
    const claimed = await tx
      .updateTable('staff_tokens')
      .set({ used_at: at })
      .where('id', '=', found.id)
      .where('used_at', 'is', null)
      .executeTakeFirst();
    if (Number(claimed.numUpdatedRows) === 0) return { outcome: 'unknown_link' };
    await tx.updateTable('staff').set({ password_hash }).where('id', '=', found.staff_id).execute();
    await endSessions(tx, found.staff_id);
    // Access to the mailbox proves that this person is not an attacker.
    await forgetHits(tx, app.keys, [{ rule: 'staff-account', subject: found.email }]);
    const actor = { id: found.staff_id, name: found.name };
    await recordAudit(tx, at, actor, 'account.password_set', `staff:${found.staff_id}`, { by: found.kind });
    return { outcome: 'set', browserCookie: browserCookie(app, found.staff_id) };
  });
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
