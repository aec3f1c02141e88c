import { z } from 'zod';
import type { Tx } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { App } from '#src/app/app.ts';
import { takesPrecedence } from '#src/decisions/contact-points.ts';
import { hashOf } from '#src/decisions/decide-contacts.ts';
import { recordUses, type Use } from '#src/permissions/record-uses.ts';
import { channel, contactPoint, operation, purposeKey, time } from './operation.ts';
import { type FieldFault, unprocessable } from './problem.ts';

const use = z
  .strictObject({
    contact_point: contactPoint,
    purpose: purposeKey,
    channel,
    used_at: time,
    campaign: z.string().min(1).max(200).optional(),
  })
  .meta({ id: 'Use' });
type AskedUse = z.infer<typeof use>;

const recorded = z.object({
  recorded: z.number().int(),
  after_the_end: z.number().int().meta({
    description:
      'How many of them were made after the permission had expired because it was unused. They are recorded, but do not renew it.',
  }),
});

export const usesOperation = operation({
  id: 'recordUses',
  method: 'POST',
  path: '/uses',
  scope: 'write',
  summary:
    'Records contacts that were made. They restart the five years of § 7a UWG and count toward promised frequencies.',
  body: z.array(use).min(1).max(1000),
  answers: {
    201: { description: 'All are recorded', schema: recorded },
  },
  write: async (tx, { app, body, key }) => {
    const now = app.now().toISOString();
    const permissions = await permissionsFor(tx, app, body);
    const faults: FieldFault[] = [];
    const uses = body.flatMap((one, index): Use[] => {
      const permissionId = permissions[index];
      if (one.used_at > now) {
        faults.push({
          pointer: `/${index}/used_at`,
          code: 'in_future',
          message: 'This time is in the future.',
        });
      }
      if (!permissionId) {
        const message = 'There is no permission for this contact point and purpose.';
        faults.push({ pointer: `/${index}/contact_point`, code: 'no_permission', message });
        return [];
      }
      return [{ permissionId, usedAt: one.used_at, campaign: one.campaign ?? null }];
    });
    if (faults.length > 0) throw unprocessable(...faults.slice(0, 100));
    const afterTheEnd = await recordUses(tx, now, uses, { origin: 'api', actor: key.id });
    return { status: 201, body: { recorded: uses.length, after_the_end: afterTheEnd } };
  },
});

/** When several people share a number: the permission that a decision about it names. */
async function permissionsFor(tx: Tx, app: App, uses: AskedUse[]): Promise<(string | undefined)[]> {
  const hashes = uses.map((one) => hashOf(app, one, one.contact_point) ?? '');
  const rows = await tx
    .selectFrom('permissions')
    .innerJoin('contact_points', 'contact_points.id', 'permissions.contact_point_id')
    .innerJoin('purposes', 'purposes.id', 'permissions.purpose_id')
    .select(['permissions.id', 'permissions.state', 'permissions.contact_point_id as contactPointId'])
    .select(['contact_points.lookup_hash', 'purposes.key'])
    .where(isOneOf(tx, 'contact_points.lookup_hash', hashes))
    .execute();
  const byKey = new Map<string, (typeof rows)[number]>();
  for (const row of rows) {
    const key = `${row.lookup_hash} ${row.key}`;
    const before = byKey.get(key);
    if (!before || takesPrecedence(row, before)) byKey.set(key, row);
  }
  return uses.map((one, index) => byKey.get(`${hashes[index]} ${one.purpose}`)?.id);
}
