import { z } from 'zod';
import { importCaptures, mostImported } from '#src/exchange/import-captures.ts';
import { operation } from './operation.ts';
import { ApiProblem, unprocessable } from './problem.ts';
import { readBytes } from './read-body.ts';

const longestFile = 5 * 1024 * 1024;

const report = z.object({
  dry_run: z.boolean(),
  landed: z.boolean(),
  rows: z.number().int(),
  usable: z.number().int(),
  unusable: z.number().int(),
  refused: z.number().int(),
  lines: z
    .array(
      z.object({
        line: z.number().int(),
        outcome: z.enum(['usable', 'unusable', 'refused']),
        why: z.string().nullable(),
      }),
    )
    .meta({ description: 'Every line that is not usable, and why.' }),
});

export const importsOperation = operation({
  id: 'importConsents',
  method: 'POST',
  path: '/imports',
  scope: 'admin',
  summary: `Permissions from another system, as CSV with their evidence: up to ${mostImported} lines, all or none.`,
  query: z.strictObject({ dry_run: z.enum(['0', '1', 'true', 'false']).default('0') }),
  streams: ['text/csv'],
  answers: {
    200: { description: 'What a dry run found. Nothing was written.', schema: report },
    201: { description: 'All lines landed', schema: report },
  },
  handle: async ({ app, request, query, key }) => {
    const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
    if (type !== 'text/csv') {
      throw new ApiProblem(415, 'Send text/csv.', { headers: { 'Accept-Post': 'text/csv' } });
    }
    const dryRun = query.dry_run === '1' || query.dry_run === 'true';
    const csv = Buffer.from(await readBytes(request, longestFile)).toString('utf8');
    const result = await importCaptures(app, csv, { actor: key.id }, { dryRun });
    if (result.outcome === 'unreadable') {
      throw unprocessable({ pointer: '', code: result.code, message: result.message });
    }
    if (!dryRun && !result.landed) {
      const refused = result.report.lines.filter(({ outcome }) => outcome === 'refused');
      throw unprocessable(
        ...refused.slice(0, 100).map(({ line, why }) => ({
          pointer: `/${line}`,
          code: 'refused_line',
          message: why ?? 'This line cannot be imported.',
        })),
      );
    }
    const body = { dry_run: dryRun, landed: result.landed, ...result.report };
    return { status: dryRun ? 200 : 201, body };
  },
});
