import type { FoundContactPoint, FoundContactPoints, Kind } from './contact-points.ts';
import { needsGrounds } from './load-grounds.ts';

/** The kind tells all about most contact points. These need another query. */
export interface RowsNeedingDetail {
  /** Permissions that stand on something captured. */
  needGrounds: string[];
  /** Contact points without a permission for the purpose. */
  withoutPermission: FoundContactPoint[];
  /** Of all of them, in the question. */
  indexes: number[];
}

export function rowsNeedingDetail(contactPoints: FoundContactPoints, count: number): RowsNeedingDetail {
  const rows: RowsNeedingDetail = { needGrounds: [], withoutPermission: [], indexes: [] };
  const needs = new Map<Kind, 'grounds' | 'other permissions'>();
  for (const kind of contactPoints.kinds) {
    const { common } = kind;
    if (!common || common.state === 'none') needs.set(kind, 'other permissions');
    else if (needsGrounds(common)) needs.set(kind, 'grounds');
  }
  if (needs.size === 0) return rows;
  for (let index = 0; index < count; index++) {
    const kind = contactPoints.kind(index);
    const need = kind && needs.get(kind);
    if (!need) continue;
    rows.indexes.push(index);
    // Reads no more of a packed row than the query needs.
    const contactPoint = need === 'other permissions' ? contactPoints.contactPoint(index) : undefined;
    if (contactPoint) rows.withoutPermission.push(contactPoint);
    else rows.needGrounds.push(contactPoints.permissionId(index));
  }
  return rows;
}
