import { z } from 'zod';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { publicId } from '#src/ids/public-id.ts';
import { evidenceGrades } from '#src/ledger/grades.ts';
import { captureSchema } from '#src/permissions/capture.ts';
import { captureConsent } from '#src/permissions/capture-consent.ts';
import { reason } from './decisions.ts';
import { operation, permissionState } from './operation.ts';
import { unprocessable } from './problem.ts';

export const consentsOperation = operation({
  id: 'captureConsent',
  method: 'POST',
  path: '/consents',
  scope: 'write',
  summary: 'Records a permission that was not given on the web, with its evidence.',
  body: captureSchema,
  answers: {
    201: {
      description: 'Recorded. `usable` says whether a contact is allowed, `reason` why or why not.',
      schema: z.object({
        permission_id: z.string(),
        state: permissionState,
        evidence_grade: z.enum(evidenceGrades).nullable(),
        usable: z.boolean(),
        reason,
        missing: z.array(z.string()).meta({ description: 'Evidence that can still be added.' }),
        notified: z.boolean().meta({ description: 'A mail about it is on its way to the person.' }),
        letter: z.boolean().meta({ description: 'No mailbox is known: a letter waits in the print queue.' }),
      }),
    },
  },
  write: async (tx, { app, body, key }) => {
    const result = await captureConsent(tx, app, body, { origin: 'api', actor: key.id });
    if (result.outcome === 'refused') {
      const faults = result.faults.map(({ field, code, message }) => ({
        pointer: `/${field}`,
        code,
        message,
      }));
      throw unprocessable(...faults);
    }
    const { purpose, channel, audience, contact_point } = body;
    const question = { purpose, channel, audience };
    const [decided] = await decideContacts(app, tx, question, [contact_point]);
    return {
      status: 201,
      body: {
        permission_id: publicId('permission', result.permissionId),
        state: result.state,
        evidence_grade: result.grade,
        usable: decided?.decision.allowed ?? false,
        reason: decided?.decision.reason ?? 'no_permission',
        missing: [...new Set([...result.missing, ...(decided?.decision.missing ?? [])])],
        notified: result.notifiedBy === 'mail',
        letter: result.notifiedBy === 'letter',
      },
    };
  },
});
