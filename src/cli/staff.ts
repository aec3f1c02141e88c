import { text } from 'node:stream/consumers';
import { addStaffWithLink, addStaffWithPassword, inviteStaff, type NewStaff } from '#src/staff/add-staff.ts';
import { roles } from '#src/staff/roles.ts';
import { oneOf, readArguments, UsageError } from './command.ts';
import { withApp } from './with-app.ts';

/** Adds somebody who may sign in: the first admin, or a colleague who can't wait for a mail. */
export async function staffAddCommand(args: string[]): Promise<number> {
  const { staff, passwordStdin, invite, json } = readStaff(args);
  // One line without its end, so `echo` and `printf` both work.
  const password = passwordStdin ? (await text(process.stdin)).replace(/\r?\n$/, '') : undefined;
  return withApp(async (app) => {
    const result = invite
      ? await inviteStaff(app, null, staff)
      : password !== undefined
        ? await addStaffWithPassword(app, staff, password)
        : await addStaffWithLink(app, staff);
    if (result.outcome !== 'added') {
      console.error(refusals[result.outcome === 'refused' ? result.fault : result.outcome]);
      return 1;
    }
    const { url } = result;
    if (json) console.log(JSON.stringify({ email: staff.email, role: staff.role, url }));
    else console.log(confirmation(staff, invite, url));
    return 0;
  });
}

const refusals = {
  known: 'Somebody with this address is there already. Change them under /staff/people.',
  invalid_address: 'This is not an email address.',
  too_short: 'The password is too short: it needs at least 12 characters.',
  too_long: 'The password is too long: it may have at most 200 characters.',
  too_common: 'This password is among the most common ones. Choose another one.',
  like_the_address: 'The password must not contain the email address.',
};

function confirmation({ email, role }: NewStaff, invited: boolean, url: string | undefined): string {
  if (invited) return `${email} is ${role}. The invitation is sent as soon as the server runs.`;
  if (!url) return `${email} is ${role} and can sign in.`;
  return `${email} is ${role}. With this link they choose a password. It works once, for seven days:\n\n${url}`;
}

function readStaff(args: string[]) {
  const { values, positionals } = readArguments(args, {
    role: { type: 'string' },
    name: { type: 'string' },
    'password-stdin': { type: 'boolean', default: false },
    invite: { type: 'boolean', default: false },
  });
  const [email, ...more] = positionals;
  if (!email || more.length > 0) throw new UsageError('Name one email address.');
  const role = oneOf(roles, values.role, '--role');
  const { 'password-stdin': passwordStdin, invite, json } = values;
  if (passwordStdin && invite) throw new UsageError('--password-stdin and --invite exclude each other.');
  const name = values.name?.trim() || (email.split('@', 1)[0] ?? email);
  return { staff: { email, name, role, locale: null }, passwordStdin, invite, json };
}
