import { parseArgs } from 'node:util';
import { addStaffWithLink, addStaffWithPassword, inviteStaff, type NewStaff } from '#src/staff/add-staff.ts';
import { type Role, roles } from '#src/staff/roles.ts';
import { withApp } from './with-app.ts';

const usage = `Usage: staff add EMAIL --role ${roles.join('|')} [--name NAME] [--password-stdin | --invite] [--json]

Without either of the two it prints a link where the person chooses a password; it works once, for seven days.
--password-stdin reads the password from standard input, --invite sends the link by mail.`;

/** Adds somebody who may sign in: the first of all, or whoever cannot wait for a mail. */
export async function staffAddCommand(args: string[]): Promise<number> {
  const asked = read(args);
  if (!asked) {
    console.error(usage);
    return 2;
  }
  const password = asked.passwordStdin ? await readPassword() : undefined;
  return withApp(async (app) => {
    const result = asked.invite
      ? await inviteStaff(app, null, asked.staff)
      : password !== undefined
        ? await addStaffWithPassword(app, asked.staff, password)
        : await addStaffWithLink(app, asked.staff);
    if (result.outcome === 'added') {
      const { url } = result;
      if (asked.json) console.log(JSON.stringify({ email: asked.staff.email, role: asked.staff.role, url }));
      else console.log(told(asked.staff, asked.invite, url));
      return 0;
    }
    console.error(result.outcome === 'refused' ? refusals[result.fault] : refusals[result.outcome]);
    return 1;
  });
}

const refusals = {
  known: 'Somebody with this address is there already. Change them under /staff/people.',
  invalid_address: 'That is no e-mail address.',
  too_short: 'The password is too short: 12 characters at least.',
  too_long: 'The password is too long: 200 characters at most.',
  too_common: 'Too many people have this password. Choose one of your own.',
  like_the_address: 'The password must not be made of the e-mail address.',
};

function told({ email, role }: NewStaff, invited: boolean, url: string | undefined): string {
  if (invited) return `${email} is ${role}. The invitation goes out as soon as the server runs.`;
  if (!url) return `${email} is ${role} and can sign in.`;
  return `${email} is ${role}. This link leads to their password; it works once, for seven days:\n\n${url}`;
}

function read(args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        role: { type: 'string' },
        name: { type: 'string' },
        'password-stdin': { type: 'boolean', default: false },
        invite: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const [email, ...more] = positionals;
    const role = roles.find((one): one is Role => one === values.role);
    const { 'password-stdin': passwordStdin, invite, json } = values;
    if (!email || more.length > 0 || !role || (passwordStdin && invite)) return undefined;
    const name = values.name?.trim() || (email.split('@', 1)[0] ?? email);
    return { staff: { email, name, role, locale: null }, passwordStdin, invite, json };
  } catch (error) {
    console.error(error instanceof Error ? error.message : usage);
    return undefined;
  }
}

/** One line, without its end: `echo` and `printf` both work. */
async function readPassword(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}
