import type { Db, Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { decryptText, encryptText } from '#src/people/encryption.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import type { Actor } from '#src/staff/actor.ts';
import { setSwitches } from './form-switches.ts';
import { type ManageFormResult, manageForm } from './manage-form.ts';

export const maxTesters = 50;

export type StartTestResult =
  | ManageFormResult
  /** The lines that are not valid addresses. */
  | { outcome: 'faulty'; lines: string[] }
  | { outcome: 'none' | 'too_many' };

/**
 * Switches a form to test mode: only these addresses get mails, and signups do not count. Calling it again replaces the
 * list.
 */
export async function startTest(
  app: App,
  actor: Actor,
  key: string,
  typed: string[],
): Promise<StartTestResult> {
  const lines = typed.map((line) => line.trim()).filter((line) => line !== '');
  const read = lines.map((line) => ({ line, point: normaliseContactPoint('email', line) }));
  const wrong = read.filter(({ point }) => !point.ok).map(({ line }) => line);
  if (wrong.length > 0) return { outcome: 'faulty', lines: wrong };
  if (lines.length === 0) return { outcome: 'none' };
  if (lines.length > maxTesters) return { outcome: 'too_many' };
  const addresses = new Map(
    read.flatMap(({ point }) =>
      point.ok ? [[lookupHash(app.keys, 'email', point.value), point.sendable] as const] : [],
    ),
  );
  return manageForm(app, actor, key, 'form.test_on', async (tx, form, at) => {
    await tx.deleteFrom('form_test_addresses').where('form_id', '=', form.id).execute();
    const rows = [...addresses].map(([hash, address]) => ({
      form_id: form.id,
      lookup_hash: hash,
      address_enc: encryptText(app.keys.wrapping, address),
      created_at: at,
    }));
    await tx.insertInto('form_test_addresses').values(rows).execute();
    await setSwitches(tx, form.id, { test_since: at });
    return { addresses: rows.length };
  });
}

/** Ends test mode: deletes the list now, and the test signups with the next purge. */
export async function endTest(app: App, actor: Actor, key: string): Promise<ManageFormResult> {
  return manageForm(app, actor, key, 'form.test_off', async (tx, form, at) => {
    await tx.deleteFrom('form_test_addresses').where('form_id', '=', form.id).execute();
    await setSwitches(tx, form.id, { test_since: null });
    return { test_signups: await schedulePurgeOfTests(tx, form.id, at) };
  });
}

/** The addresses in plain text. The caller checks who may see them. */
export async function testersOf(app: App, key: string): Promise<string[]> {
  const rows = await testers(app.db, key).select('address_enc').execute();
  return rows.map((row) => decryptText(app.keys.wrapping, row.address_enc)).sort();
}

export async function countTesters(db: Db, key: string): Promise<number> {
  const { count } = await testers(db, key)
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function testers(db: Db, key: string) {
  return db
    .selectFrom('form_test_addresses')
    .innerJoin('forms', 'forms.id', 'form_test_addresses.form_id')
    .where('forms.key', '=', key);
}

async function schedulePurgeOfTests(tx: Tx, formId: string, at: string): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('signups')
    .set({ purge_at: at })
    .where('form_id', '=', formId)
    .where('test', '=', 1)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
