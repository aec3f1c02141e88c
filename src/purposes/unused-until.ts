import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import { addMonths } from './months.ts';
import { existingCustomerMonths, nonUseRules } from './purpose-policy.ts';

/** `at`: when a permission lapses without another use. `months`: how long each use extends it. */
export interface Lapse {
  at: string;
  months: number;
}

/**
 * When each of these permissions lapses, from its recorded uses. Leaves out permissions that never lapse: for post, on
 * presumed consent (which no use extends), and permissions that were never granted.
 */
export async function unusedUntil(db: Db, permissionIds: string[]): Promise<Map<string, Lapse>> {
  if (permissionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('permissions')
    .leftJoin('purpose_channels', (join) =>
      join
        .onRef('purpose_channels.purpose_id', '=', 'permissions.purpose_id')
        .onRef('purpose_channels.channel', '=', 'permissions.channel'),
    )
    .select(['permissions.id', 'permissions.channel', 'permissions.basis', 'permissions.granted_at'])
    .select(['permissions.last_used_at', 'purpose_channels.deny_months'])
    .where(isOneOf(db, 'permissions.id', permissionIds))
    .execute();
  const customers = rows.filter(({ basis }) => basis === 'existing_customer').map(({ id }) => id);
  const sales = customers.length > 0 ? await newestSales(db, customers) : new Map<string, string>();
  return new Map(
    rows.flatMap((row): [string, Lapse][] => {
      const months = monthsOf(row);
      const from = row.basis === 'existing_customer' ? sales.get(row.id) : row.granted_at;
      if (months === null || !from) return [];
      const last = row.last_used_at !== null && row.last_used_at > from ? row.last_used_at : from;
      return [[row.id, { at: afterMonths(last, months), months }]];
    }),
  );
}

export function afterMonths(iso: string, months: number): string {
  return new Date(addMonths(Date.parse(iso), months)).toISOString();
}

interface Used extends Pick<PermissionTable, 'channel' | 'basis'> {
  deny_months: number | null;
}

function monthsOf({ channel, basis, deny_months }: Used): number | null {
  const usual = nonUseRules[channel];
  if (!usual) return null;
  if (basis === 'existing_customer') return existingCustomerMonths;
  return basis === 'consent' ? Math.min(deny_months ?? usual.denyMonths, usual.limitMonths) : null;
}

async function newestSales(db: Db, permissionIds: string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('grounds')
    .select(['permission_id', 'record'])
    .where(isOneOf(db, 'permission_id', permissionIds))
    .where('basis', '=', 'existing_customer')
    .where('corrected_at', 'is', null)
    .execute();
  const newest = new Map<string, string>();
  for (const { permission_id, record } of rows) {
    const { saleAt = '' } = JSON.parse(record) as { saleAt?: string };
    if (saleAt > (newest.get(permission_id) ?? '')) newest.set(permission_id, saleAt);
  }
  return newest;
}
