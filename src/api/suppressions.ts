import { z } from 'zod';
import { type ReportFault, reportSuppressions } from '#src/permissions/report-suppressions.ts';
import { channel, contactPoint, operation, time } from './operation.ts';
import { unprocessable } from './problem.ts';

const report = z
  .strictObject({
    contact_point: contactPoint,
    channel,
    reason: z.enum(['bounce', 'complaint', 'objection']).meta({
      description:
        'bounce: the address does not exist any more; a full mailbox or a delayed mail does not count. complaint: its reader ' +
        'reported a message as unwanted. objection: the person objected.',
    }),
    at: time,
    source: z.string().trim().min(1).max(200).meta({ description: 'Who reports it, e.g. the sending tool.' }),
  })
  .meta({ id: 'SuppressionReport' });

export const suppressionsOperation = operation({
  id: 'reportSuppressions',
  method: 'POST',
  path: '/suppressions',
  scope: 'write',
  summary:
    'Reports bounces, complaints and objections that another sender received. All are recorded, or none.',
  details:
    'Each report blocks its address, known or not, for every purpose on that channel, from the next decision on. A bounce ' +
    'or a complaint is not a withdrawal. An objection also withdraws the existing permissions, and the person is notified. ' +
    'Reporting the same again changes nothing.',
  body: z.array(report).min(1).max(1000),
  answers: {
    200: {
      description: 'All are recorded',
      schema: z.object({
        recorded: z.number().int().meta({ description: 'The number of reports.' }),
        suppressed: z.number().int().meta({ description: 'Addresses newly blocked for that reason.' }),
        withdrawn: z.number().int().meta({ description: 'Permissions that objections ended.' }),
      }),
    },
  },
  write: async (tx, { app, body, key }) => {
    const reports = body.map(({ contact_point: contactPoint, ...rest }) => ({ contactPoint, ...rest }));
    const result = await reportSuppressions(tx, app, reports, key.id);
    if (result.outcome === 'refused') throw unprocessable(...result.faults.slice(0, 100).map(faultOf));
    const { suppressed, changes } = result;
    return { status: 200, body: { recorded: body.length, suppressed, withdrawn: changes } };
  },
});

function faultOf({ index, field, code }: ReportFault) {
  return { pointer: `/${index}/${field}`, code, message: messages[code] };
}

const messages: Record<ReportFault['code'], string> = {
  invalid: 'This is not an address on this channel.',
  in_future: 'This time is in the future.',
};
