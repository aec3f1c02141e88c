import type { SignupTable } from '#db/schema/signups.ts';
import type { WriteTarget } from '#db/writes.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { signupLimits } from '#src/limits/defaults.ts';
import { encryptJson } from '#src/people/encryption.ts';
import { insertSignups, minutesAfter, nextLink } from './signup.ts';
import type { Request } from './signup-request.ts';

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
