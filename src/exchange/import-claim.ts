import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import type { Import } from './imports.ts';

/** After this time another process takes over from one that died. Each batch renews the claim. */
const claimSeconds = 15;

/** Returns the id of our claim; `undefined` when another process holds the import. */
export async function claimImport(app: App, id: string): Promise<string | undefined> {
  const at = app.now();
  const holder = newId();
  const claimed = await app.db
    .updateTable('imports')
    .set({ claimed_until: claimEnd(at), claimed_by: holder })
    .where('id', '=', id)
    .where('state', 'in', ['checking', 'landing'])
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', at.toISOString())]))
    .returning('id')
    .execute();
  return claimed.length > 0 ? holder : undefined;
}

/**
 * Renews our claim and locks the import until the transaction ends. Throws when another process has taken it over, which
 * rolls the transaction back.
 */
export async function keepClaim(tx: Tx, app: App, { id, claimed_by }: Import): Promise<void> {
  const kept = await tx
    .updateTable('imports')
    .set({ claimed_until: claimEnd(app.now()) })
    .where('id', '=', id)
    .where('claimed_by', '=', claimed_by)
    .returning('id')
    .execute();
  if (kept.length === 0) throw new ClaimLostError(`Another process has taken over the import ${id}.`);
}

export class ClaimLostError extends Error {}

function claimEnd(at: Date): string {
  return new Date(at.getTime() + claimSeconds * 1000).toISOString();
}

/** Changes nothing when another process has taken over the import. */
export async function releaseClaim({ db }: App, id: string, holder: string): Promise<void> {
  await db
    .updateTable('imports')
    .set({ claimed_until: null, claimed_by: null })
    .where('id', '=', id)
    .where('claimed_by', '=', holder)
    .execute();
}
