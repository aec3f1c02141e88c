import { z } from 'zod';
import { type ReportFault, reportSuppressions } from '#src/permissions/report-suppressions.ts';
import { channel, contactPoint, operation, time } from './operation.ts';
import { unprocessable } from './problem.ts';

const report = z.strictObject({
  contact_point: contactPoint,
  channel,
  reason: z.enum(['bounce', 'complaint', 'objection']).meta({
    description:
      'bounce: the address is dead for good; a full mailbox or a late mail is no reason. complaint: its reader called a ' +
      'message unwanted. objection: the person said no.',
  }),
  at: time,
  source: z.string().trim().min(1).max(200).meta({ description: 'Who tells it, e.g. the sending tool.' }),
});

export const suppressionsOperation = operation({
  id: 'reportSuppressions',
  method: 'POST',
  path: '/suppressions',
  scope: 'write',
  summary: 'Bounces, complaints and objections that another sender heard of. All are recorded, or none.',
  details:
    'Each blocks its address, known or not, for every purpose on that channel, from the next decision on. A bounce or a ' +
    'complaint is no withdrawal: nobody said no. An objection also withdraws what stands, and the person is told. ' +
    'Telling the same again changes nothing.',
  body: z.array(report).min(1).max(1000),
  answers: {
    200: {
      description: 'All are recorded',
      schema: z.object({
        recorded: z.number().int().meta({ description: 'How many reports that were.' }),
        suppressed: z.number().int().meta({ description: 'Addresses newly blocked for that reason.' }),
        withdrawn: z.number().int().meta({ description: 'Permissions that objections ended.' }),
      }),
    },
  },
  act: async (tx, { app, body, key }) => {
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
  invalid: 'This is no address on this channel.',
  in_future: 'This has not happened yet.',
};
