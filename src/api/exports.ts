import { z } from 'zod';
import { findDecisionPurpose } from '#src/decisions/purpose.ts';
import { exportContactable, faultOfQuestion } from '#src/exchange/export-contactable.ts';
import { exportSuppressions } from '#src/exchange/export-suppressions.ts';
import { ApiResponse } from './answer.ts';
import { contactQuestion, questionFields } from './decisions.ts';
import { operation } from './operation.ts';
import { ApiProblem, unprocessable } from './problem.ts';

export const exportContactableOperation = operation({
  id: 'exportContactable',
  method: 'GET',
  path: '/exports/contactable',
  scope: 'export',
  summary: 'Every address that may be contacted now for this purpose on this channel, with its links.',
  query: z.strictObject(questionFields),
  produces: ['text/csv'],
  answers: { 200: { description: 'CSV. Valid for 24 hours at most: export again before each mailing.' } },
  handle: async ({ app, query, key }) => {
    const fault = faultOfQuestion(await findDecisionPurpose(app.db, query.purpose), query.channel);
    if (fault) throw unprocessable({ pointer: `/${fault.field}`, code: fault.code, message: fault.message });
    return csv(exportContactable(app, contactQuestion(query), `key:${key.id}`), 'contactable.csv');
  },
});

export const exportSuppressionsOperation = operation({
  id: 'exportSuppressions',
  method: 'GET',
  path: '/exports/suppressions',
  scope: 'export',
  summary:
    'The block list with keyed hashes of the addresses, or with the addresses for a key with the scope `admin`.',
  query: z.strictObject({
    addresses: z.enum(['hash', 'plain']).default('hash').meta({
      description: '`plain` adds the addresses that are known; the others have only a hash.',
    }),
  }),
  produces: ['text/csv'],
  answers: { 200: { description: 'CSV' } },
  handle: async ({ app, query, key }) => {
    const plain = query.addresses === 'plain';
    if (plain && !key.scopes.has('admin')) {
      throw new ApiProblem(403, 'A list of blocked addresses needs a key with the scope admin as well.');
    }
    return csv(exportSuppressions(app, { plain }), 'suppressions.csv');
  },
});

function csv(lines: AsyncIterable<string>, name: string): ApiResponse {
  const headers = {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': `attachment; filename="${name}"`,
  };
  return new ApiResponse(200, headers, bytes(lines));
}

async function* bytes(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of lines) yield Buffer.from(text);
}
