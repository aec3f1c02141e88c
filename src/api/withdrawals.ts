import { z } from 'zod';
import { publicId } from '#src/ids/public-id.ts';
import { withdrawByAddress } from '#src/permissions/withdraw-by-address.ts';
import { channel, contactPoint, operation, permissionState, purposeKey } from './operation.ts';
import { unprocessable } from './problem.ts';

export const withdrawalsOperation = operation({
  id: 'withdraw',
  method: 'POST',
  path: '/withdrawals',
  scope: 'write',
  summary:
    'Records a withdrawal that a person declared in any form. Without purpose and channel it covers everything.',
  body: z.strictObject({
    contact_point: contactPoint,
    purpose: purposeKey.optional(),
    channel: channel.optional(),
    how: z.string().min(1).max(200).meta({ description: 'How the person declared it, e.g. "telephone".' }),
  }),
  answers: {
    200: {
      description: 'Withdrawn. The next decision says no.',
      schema: z.object({
        matched: z.int().meta({
          description:
            'How many known people it matches. Postal addresses are compared loosely: without the company, with a form ' +
            'of address or with an abbreviated street it is the same address. 0: the address itself stays blocked.',
        }),
        changes: z.array(
          z.object({
            permission_id: z.string().nullable(),
            purpose: z.string(),
            channel,
            from: permissionState,
            to: permissionState,
          }),
        ),
        suppressed: z.boolean().meta({
          description:
            'An address is blocked: there was nothing to withdraw, or it is only probably the same address.',
        }),
        notified: z.boolean().meta({ description: 'A mail about it is on its way to the person.' }),
        letter: z.boolean().meta({ description: 'No mailbox is known: a letter waits in the print queue.' }),
      }),
    },
  },
  write: async (tx, { app, body, key }) => {
    const result = await withdrawByAddress(
      tx,
      app,
      { contactPoint: body.contact_point, purpose: body.purpose, channel: body.channel, how: body.how },
      { origin: 'api', actor: key.id },
    );
    if (result.outcome !== 'withdrawn') {
      throw result.outcome === 'unknown_purpose'
        ? unprocessable({ pointer: '/purpose', code: 'unknown', message: 'There is no such purpose.' })
        : unprocessable({ pointer: '/contact_point', code: 'invalid', message: 'This is not an address.' });
    }
    const changes = result.changes.map(({ permissionId, ...change }) => ({
      permission_id: permissionId && publicId('permission', permissionId),
      ...change,
    }));
    return {
      status: 200,
      body: {
        matched: result.matched,
        changes,
        suppressed: result.suppressed,
        notified: result.notifiedBy === 'mail',
        letter: result.notifiedBy === 'letter',
      },
    };
  },
});
