import { z } from 'zod';
import { type FileRecord, openFileRecord } from '#src/decisions/kept/file-record.ts';
import type { AnsweredPiece } from '#src/decisions/scrub/answer-lines.ts';
import { scrub } from '#src/decisions/scrub/scrub.ts';
import { TableFault } from '#src/decisions/scrub/table-format.ts';
import { ApiResponse } from './answer.ts';
import { contactQuestion, questionFields } from './decisions.ts';
import { operation } from './operation.ts';
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
  query: z.strictObject(questionFields),
  streams: Object.keys(kinds),
  produces: Object.keys(kinds),
  answers: {
    200: {
      description:
        'The lines of the file with the columns allowed, reason, law, valid_until, allowed_again_at, jurisdiction, ' +
        'rules_version, preferences_url, unsubscribe_url, list_unsubscribe, list_unsubscribe_post and row_error. The header ' +
        'Decision-Id names what is kept of it.',
    },
  },
  handle: async ({ app, request, query, key }) => {
    const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const kind = Object.entries(kinds).find(([name]) => name === type)?.[1];
    if (!kind || request.headers.get('content-encoding') !== null) {
      throw new ApiProblem(415, 'Send text/csv with a column contact_point, or application/x-ndjson.', {
        headers: { 'Accept-Post': Object.keys(kinds).join(', ') },
      });
    }
    const question = contactQuestion(query);
    const record = openFileRecord(app, `key:${key.id}`, question);
    const answers = scrub(app, question, kind, seenBy(record, chunksOf(request)), { pace });
    const first = await answers.next().catch((error) => {
      if (!(error instanceof TableFault)) throw error;
      throw unprocessable({ pointer: '', code: error.code, message: error.message });
    });
    const headers = { 'Content-Type': `${type}; charset=utf-8`, 'Decision-Id': record.id };
    return new ApiResponse(200, headers, bytesOf(record, first, answers));
  },
});

/** Smaller than on the command line, because the server needs memory for other requests. */
const pace = { mostRows: 6000, mostBatches: 2 };

async function* bytesOf(
  record: FileRecord,
  first: IteratorResult<AnsweredPiece>,
  others: AsyncIterable<AnsweredPiece>,
): AsyncGenerator<Uint8Array> {
  let complete = false;
  try {
    if (!first.done) {
      record.output(first.value);
      yield first.value.bytes;
      for await (const piece of others) {
        record.output(piece);
        yield piece.bytes;
      }
    }
    complete = true;
  } finally {
    record.end(complete);
  }
}

async function* seenBy(record: FileRecord, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    record.input(chunk);
    yield chunk;
  }
}
