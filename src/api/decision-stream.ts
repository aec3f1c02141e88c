import { z } from 'zod';
import type { AnsweredPiece } from '#src/decisions/scrub/answer-lines.ts';
import { scrub } from '#src/decisions/scrub/scrub.ts';
import { TableFault } from '#src/decisions/scrub/table-format.ts';
import { ApiResponse } from './answer.ts';
import { audience, jurisdiction } from './decisions.ts';
import { channel, operation, purposeKey } from './operation.ts';
import { ApiProblem, unprocessable } from './problem.ts';
import { chunksOf } from './read-body.ts';

const kinds = { 'text/csv': 'csv', 'application/x-ndjson': 'ndjson' } as const;

export const decisionStreamOperation = operation({
  id: 'decideStream',
  method: 'POST',
  path: '/decisions/stream',
  scope: 'decide',
  summary:
    'Decides a file of any size. A line that can’t be read gets a row_error; the others are still answered.',
  query: z.strictObject({ purpose: purposeKey, channel, audience, jurisdiction }),
  streams: Object.keys(kinds),
  produces: Object.keys(kinds),
  answers: {
    200: {
      description:
        'The lines of the file with the columns allowed, reason, law, valid_until, allowed_again_at, preferences_url, ' +
        'unsubscribe_url, list_unsubscribe, list_unsubscribe_post and row_error',
    },
  },
  handle: async ({ app, request, query }) => {
    const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const kind = Object.entries(kinds).find(([name]) => name === type)?.[1];
    if (!kind || request.headers.get('content-encoding') !== null) {
      throw new ApiProblem(415, 'Send text/csv with a column contact_point, or application/x-ndjson.', {
        headers: { 'Accept-Post': Object.keys(kinds).join(', ') },
      });
    }
    const answers = scrub(app, query, kind, chunksOf(request), { pace });
    const first = await answers.next().catch((error) => {
      if (!(error instanceof TableFault)) throw error;
      throw unprocessable({ pointer: '', code: error.code, message: error.message });
    });
    return new ApiResponse(200, { 'Content-Type': `${type}; charset=utf-8` }, bytesOf(first, answers));
  },
});

/** Smaller than on the command line, because the server needs memory for other requests. */
const pace = { mostRows: 6000, mostBatches: 2 };

async function* bytesOf(
  first: IteratorResult<AnsweredPiece>,
  others: AsyncIterable<AnsweredPiece>,
): AsyncGenerator<Uint8Array> {
  if (first.done) return;
  yield first.value.bytes;
  for await (const { bytes } of others) yield bytes;
}
