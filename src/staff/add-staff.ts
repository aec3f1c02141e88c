import type { Tx } from '#db/connect.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { defaultLocale } from '#src/i18n/locales.ts';
import { newId } from '#src/ids/new-id.ts';
import { addPerson } from '#src/people/contact-points.ts';
import { encryptText } from '#src/people/encryption.ts';
import { paths } from '#src/routes.ts';
import { type Actor, requireAbility } from './actor.ts';
import { recordAudit } from './audit.ts';
import { hashPassword, type PasswordFault, passwordFault } from './passwords.ts';
import type { Role } from './roles.ts';
import { staffEmail } from './staff-email.ts';
import { createStaffToken, sendStaffToken } from './staff-tokens.ts';

export interface NewStaff {
  email: string;
  name: string;
  role: Role;
  locale: Locale | null;
}

export type AddStaffResult =
  /** `url` is where they choose their password, when it was asked for. */
  { outcome: 'added'; staffId: string; url?: string } | { outcome: 'known' | 'invalid_address' };

/** Adds someone and mails them the invitation to choose a password. `by` is null on the command line. */
export async function inviteStaff(app: App, by: Actor | null, staff: NewStaff): Promise<AddStaffResult> {
  const result = await addOnce(app, by, staff, null, 'staff.invited', (tx, staffId) =>
    sendStaffToken(tx, app, staffId, 'invitation'),
  );
  app.mailsQueued();
  return result;
}

/** Adds someone with a given password, without a mail. For the command line. */
export async function addStaffWithPassword(
  app: App,
  staff: NewStaff,
  password: string,
): Promise<AddStaffResult | { outcome: 'refused'; fault: PasswordFault }> {
  const fault = passwordFault(password, staff.email);
  if (fault) return { outcome: 'refused', fault };
  return addOnce(app, null, staff, await hashPassword(password), 'staff.added');
}

/** Adds someone and returns the URL where they choose their password. For the command line. */
export async function addStaffWithLink(app: App, staff: NewStaff): Promise<AddStaffResult> {
  let token = '';
  const result = await addOnce(app, null, staff, null, 'staff.added', async (tx, staffId) => {
    token = await createStaffToken(tx, app, staffId, 'invitation');
  });
  return result.outcome === 'added'
    ? { ...result, url: app.config.baseUrl + paths.staffPassword(token) }
    : result;
}

async function addOnce(
  app: App,
  by: Actor | null,
  staff: NewStaff,
  passwordHash: string | null,
  act: string,
  andThen: (tx: Tx, staffId: string) => Promise<void> = async () => {},
): Promise<AddStaffResult> {
  if (by) requireAbility(by, 'staff.change');
  const email = staffEmail(staff.email);
  if (!email) return { outcome: 'invalid_address' };
  return app.db.transaction().execute(async (tx): Promise<AddStaffResult> => {
    const known = await tx.selectFrom('staff').select('id').where('email', '=', email).executeTakeFirst();
    if (known) return { outcome: 'known' };
    const staffId = await addStaff(tx, app, { ...staff, email }, passwordHash);
    await recordAudit(tx, app.now().toISOString(), by, act, `staff:${staffId}`, { role: staff.role });
    await andThen(tx, staffId);
    return { outcome: 'added', staffId };
  });
}

/** Inserts the account, with an unlisted contact point for mails to it. */
export async function addStaff(
  tx: Tx,
  app: App,
  staff: NewStaff,
  passwordHash: string | null,
): Promise<string> {
  const at = app.now().toISOString();
  const person = await addPerson(tx, app.keys, staff.locale ?? defaultLocale, at);
  const [id, contactPointId] = [newId(), newId()];
  await tx
    .insertInto('contact_points')
    .values({
      id: contactPointId,
      person_id: person.id,
      channel: 'email',
      // No look-up hash, so that a staff member cannot be found as a subscriber.
      lookup_hash: null,
      wide_hash: null,
      value_enc: encryptText(person.key, staff.email),
      country: null,
      link_generation: 0,
      source: 'staff',
      verified_at: null,
      created_at: at,
      erased_at: null,
    })
    .execute();
  await tx
    .insertInto('staff')
    .values({
      id,
      ...staff,
      person_id: person.id,
      contact_point_id: contactPointId,
      password_hash: passwordHash,
      totp_secret_enc: null,
      totp_confirmed_at: null,
      totp_last_step: 0,
      created_at: at,
      disabled_at: null,
    })
    .execute();
  return id;
}
