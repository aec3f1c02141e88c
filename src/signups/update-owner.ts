import type { SignupTable } from '#db/schema/signups.ts';
import type { Locale } from '#db/schema/vocabulary.ts';
import { declareWrite, type WriteTarget } from '#db/writes.ts';
import type { App } from '#src/app/app.ts';
import { cancelLetters } from '#src/letters/queue-letters.ts';
import type { PersonWithKey } from '#src/people/contact-points.ts';
import { decryptJson, decryptText } from '#src/people/encryption.ts';
import { homeCountry } from '#src/people/home-country.ts';
import { settleCountry } from '#src/people/settle-country.ts';
import type { AskedMailbox } from './asked-signup.ts';
import { liftedByAnswer } from './lifted-by-answer.ts';
import { forgetMails } from './mail-allowance.ts';

/** An answer shows that the mailbox is the person's, that it can be reached, and that the mails were wanted. */
export async function updateOwner(
  to: WriteTarget,
  app: App,
  signup: SignupTable,
  mailbox: AskedMailbox,
  person: PersonWithKey,
  now: string,
): Promise<void> {
  await verifyMailbox(to, { id: signup.contact_point_id, now });
  if (signup.origin === 'web_form') await updatePerson(to, signup);
  if (!mailbox.lookup_hash) return;
  if (mailbox.value_enc) await forgetMails(to, app, decryptText(person.key, mailbox.value_enc));
  if (mailbox.letters) {
    await cancelLetters(to, { at: now, personId: signup.person_id, because: 'told_by_mail' });
  }
  if (!mailbox.suppressed) return;
  const { lookup_hash, wide_hash } = mailbox;
  await liftBlocks(to, { lookup_hash, wide_hash: wide_hash ?? lookup_hash, now });
}

export const verifyMailbox = declareWrite((db, of: { id: string; now: string }) =>
  db.updateTable('contact_points').set({ verified_at: of.now }).where('id', '=', of.id),
);

export const liftBlocks = declareWrite((db, of: { lookup_hash: string; wide_hash: string; now: string }) =>
  db
    .updateTable('suppressions')
    .set({ lifted_at: of.now })
    .where('lookup_hash', 'in', [of.lookup_hash, of.wide_hash])
    .where('reason', 'in', liftedByAnswer)
    .where('lifted_at', 'is', null),
);

/** Where the person lives decides by which law their mailbox is written to. */
export async function settleHome(
  to: WriteTarget,
  { person_id, details_enc }: SignupTable,
  { key }: PersonWithKey,
): Promise<void> {
  const { country } = details_enc ? decryptJson<{ country?: string }>(key, details_enc) : {};
  await settleCountry(to, { personId: person_id, stated: homeCountry({ country }, []) ?? null });
}

/** Without new details the person keeps the ones given before. */
async function updatePerson(to: WriteTarget, { person_id, details_enc, locale }: SignupTable): Promise<void> {
  if (details_enc) await setDetails(to, { id: person_id, locale, details_enc });
  else await setLocale(to, { id: person_id, locale });
}

export const setLocale = declareWrite((db, of: { id: string; locale: Locale }) =>
  db.updateTable('people').set({ locale: of.locale }).where('id', '=', of.id),
);

export const setDetails = declareWrite((db, of: { id: string; locale: Locale; details_enc: string }) =>
  db.updateTable('people').set({ locale: of.locale, details_enc: of.details_enc }).where('id', '=', of.id),
);
