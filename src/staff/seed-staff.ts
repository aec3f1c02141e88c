import type { Db, Tx } from '#db/connect.ts';
import { isMissingTable } from '#db/errors.ts';
import type { App } from '#src/app/app.ts';
import { addStaff } from './add-staff.ts';
import { hashPassword } from './passwords.ts';
import type { Role } from './roles.ts';

/** Public. Too short to be accepted as a chosen password. */
export const demoPassword = 'demo-jawort';

export const demoStaff: { email: string; name: string; role: Role }[] = [
  { email: 'admin@example.org', name: 'Ada Admin', role: 'admin' },
  { email: 'legal@example.org', name: 'Lena Legal', role: 'legal' },
  { email: 'legal2@example.org', name: 'Leo Legal', role: 'legal' },
  { email: 'marketing@example.org', name: 'Mara Marketing', role: 'marketing' },
  { email: 'agent@example.org', name: 'Ari Agent', role: 'agent' },
  { email: 'auditor@example.org', name: 'Aude Auditor', role: 'auditor' },
];

/** Adds the accounts of the demo. */
export async function seedStaff(tx: Tx, app: App): Promise<void> {
  // One hash for all: six would delay the start by half a second without any benefit.
  const passwordHash = await hashPassword(demoPassword);
  for (const one of demoStaff) await addStaff(tx, app, { ...one, locale: null }, passwordHash);
}

/** The demo accounts that can sign in here; empty before the migrations have run. */
export async function demoAccounts(db: Db): Promise<string[]> {
  const emails = demoStaff.map(({ email }) => email);
  const rows = await db
    .selectFrom('staff')
    .select('email')
    .where('email', 'in', emails)
    .where('disabled_at', 'is', null)
    .orderBy('email')
    .execute()
    .catch((error) => (isMissingTable(error) ? [] : Promise.reject(error)));
  return rows.map(({ email }) => email);
}
