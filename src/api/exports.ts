import { z } from 'zod';
import { exportContactable, exportSuppressions } from '#src/exchange/export-contactable.ts';
import { audience, jurisdiction } from './decisions.ts';
import { channel, operation, purposeKey } from './operation.ts';

export const exportContactableOperation = operation({
  id: 'exportContactable',
  method: 'GET',
  path: '/exports/contactable',
  scope: 'export',
  summary: 'Every address that may be contacted now for this purpose on this channel, with its links.',
  query: z.strictObject({ purpose: purposeKey, channel, audience, jurisdiction }),
  produces: ['text/csv'],
  answers: { 200: { description: 'CSV. Good for 24 hours at most: ask again before each mailing.' } },
  handle: async ({ app, query }) => csv(exportContactable(app, query), 'contactable.csv'),
});

export const exportSuppressionsOperation = operation({
  id: 'exportSuppressions',
  method: 'GET',
  path: '/exports/suppressions',
  scope: 'export',
  summary: 'The block list, its addresses as keyed hashes.',
  produces: ['text/csv'],
  answers: { 200: { description: 'CSV' } },
  handle: async ({ app }) => csv(exportSuppressions(app), 'suppressions.csv'),
});

function csv(lines: AsyncIterable<string>, name: string): Response {
  return new Response(bytes(lines) as unknown as BodyInit, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
    },
  });
}

async function* bytes(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of lines) yield Buffer.from(text);
}
