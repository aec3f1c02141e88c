import { z } from 'zod';
import type { App } from '#src/app/app.ts';
import type { ApiKey } from '#src/exchange/api-keys.ts';
import { fileImport } from '#src/exchange/file-import.ts';
import { type PlanFault, requiredNames } from '#src/exchange/import-columns.ts';
import { shortOf } from '#src/exchange/import-progress.ts';
import { mostImported, readRows } from '#src/exchange/import-rows.ts';
import { findImport, type Import, linesOfImport, listImports } from '#src/exchange/imports.ts';
import { type Mapping, readMapping } from '#src/exchange/mapping.ts';
import { landsAtOnce } from '#src/exchange/release-import.ts';
import { importAfter, runImportLater } from '#src/exchange/run-import.ts';
import { type LineOutcome, lineOutcomes, rowsAtOnce, tryRows } from '#src/exchange/try-rows.ts';
import { ownId, publicId } from '#src/ids/public-id.ts';
import { idAt, idPage } from './cursor.ts';
import { answeredTime, operation, pageOf, pageQuery } from './operation.ts';
import { ApiProblem, unprocessable } from './problem.ts';

const longestFile = 32 * 1024 * 1024;
/** Up to this many rows the answer waits until the file is checked or landed. */
const rowsAnsweredAtOnce = 5000;
const linesListed = 1000;

const count = z.number().int();
/** `rows` is the sum of the others. */
const counts = {
  rows: count.meta({ description: 'Rows with any value: the sum of the other counts.' }),
  usable: count,
  unusable: count,
  no: count.meta({ description: 'A no: `refused` from now on.' }),
  withdrawn: count,
  bounced: count,
  complained: count,
  older: count.meta({ description: 'A newer statement is recorded here, and stays.' }),
  unchanged: count.meta({ description: 'Recorded already, with the same evidence: no event, no mail.' }),
  folded: count.meta({ description: 'Another row about the same permission counts instead.' }),
  left_out: count,
  refused: count,
  short_of: z
    .record(z.string(), count)
    .meta({ description: 'The unusable rows, counted by the reason that a decision gives.' }),
};
const ignored = z.array(z.string()).meta({ description: 'Columns of the file that were not read.' });
const lines = z
  .array(
    z.object({
      line: z.number().int(),
      outcome: z.enum(lineOutcomes),
      why: z.string().nullable(),
    }),
  )
  .meta({ description: `The first ${linesListed} lines that are not usable, and why.` });
const state = z.enum(['mapping', 'checking', 'waiting', 'faulty', 'landing', 'landed', 'discarded']).meta({
  description:
    '`mapping`: its columns are being matched at the desk. `waiting`: checked, until a second person releases it at /staff/imports. `faulty`: a line can’t be imported, so none is.',
});
const stored = z
  .object({
    id: z.string(),
    state,
    landed: z.boolean(),
    ...counts,
    checked_rows: z.number().int(),
    landed_rows: z.number().int(),
    filed_at: answeredTime,
    released_at: answeredTime.nullable(),
    ended_at: answeredTime.nullable(),
    ignored,
  })
  .meta({ id: 'Import' });
const storedWithLines = z.object({ dry_run: z.literal(false), ...stored.shape, lines });

const mapping = z
  .string()
  .max(20_000)
  .transform((text, context): Mapping => {
    const read = readMapping(parsed(text));
    if (read) return read;
    context.addIssue({
      code: 'custom',
      message: 'This is not a mapping: see the description of the parameter.',
    });
    return z.NEVER;
  })
  .optional()
  .meta({
    description:
      'If the file has other columns: JSON, our name → the name in the file, or `=` and the value for all lines. ' +
      '`state` is a column or `=yes` `=pending` `=no` `=withdrawn` `=bounced` `=complained`; `states` says what its values mean, ' +
      '`{value: state}` or `{column: {value: state}}`, besides the six also `nothing` and `leave_out`, `*` for every other value; ' +
      '`state_at` is the column with the time of the state; `ignore` lists columns that carry no state.',
    examples: ['{"contact_point":"E-Mail","channel":"=email"}'],
  });

export const importsOperation = operation({
  id: 'importConsents',
  method: 'POST',
  path: '/imports',
  scope: 'write',
  summary: `Permissions from another system, as CSV with their evidence: up to ${mostImported} lines, all or none.`,
  details:
    `Columns: ${requiredNames.join(', ')}, and for the proof proof_ref, confirmed_at, evidence.…; a line without proof_ref is imported as unusable. ` +
    'A column that reads like a status, an end or a no stops the file (`state_unanswered`) until `mapping` says what it means. ' +
    'The file of a key with the scope `admin` lands at once. Any other file waits until a second person releases it at /staff/imports; ' +
    'so does the file of an admin key while another file waits that its maker, or another key of theirs, has filed. ' +
    'When the same key sends the same file with the same mapping again before it has landed, the answer is about the existing import.',
  query: z.strictObject({ dry_run: z.enum(['0', '1', 'true', 'false']).default('0'), mapping }),
  streams: ['text/csv'],
  file: longestFile,
  once: true,
  answers: {
    200: {
      description: 'The result of a dry run. Nothing was written.',
      schema: z.object({ dry_run: z.literal(true), landed: z.literal(false), ...counts, ignored, lines }),
    },
    201: { description: 'All lines landed', schema: storedWithLines },
    202: {
      description:
        'Accepted: it waits for a second person, or is still being processed because it is long or the server stops',
      schema: storedWithLines,
    },
  },
  handle: async ({ app, query, key, body }) => {
    const file = body as Uint8Array;
    if (query.dry_run === '1' || query.dry_run === 'true') {
      return { status: 200, body: await dryRun(app, file, query.mapping, key) };
    }
    const filed = await fileImport(
      app,
      { name: `API: ${key.name}`, file, mapping: query.mapping },
      { origin: 'api', id: key.id, name: key.name, releases: await landsAtOnce(app.db, key) },
    );
    if (filed.outcome === 'unreadable') throw unreadable(filed.fault);
    if (filed.import.rows > rowsAnsweredAtOnce) {
      runImportLater(app, filed.import.id);
      return { status: 202, body: await withLines(app, filed.import) };
    }
    const after = (await importAfter(app, filed.import.id)) ?? filed.import;
    if (after.state === 'faulty') throw await refusedLines(app, after.id);
    return { status: after.state === 'landed' ? 201 : 202, body: await withLines(app, after) };
  },
});

export const importStateOperations = [
  operation({
    id: 'listImports',
    method: 'GET',
    path: '/imports',
    scope: 'read',
    summary: 'The imports, newest first.',
    query: pageQuery,
    answers: { 200: { description: 'Imports', schema: pageOf(stored) } },
    handle: async ({ app, query }) => {
      const rows = await listImports(app.db, query.limit + 1, idAt(app.keys, query.cursor));
      return { status: 200, body: idPage(app.keys, rows, query.limit, shown) };
    },
  }),
  operation({
    id: 'showImport',
    method: 'GET',
    path: '/imports/{import}',
    scope: 'read',
    summary: 'The progress of an import, and the result of its lines.',
    answers: { 200: { description: 'The import', schema: storedWithLines } },
    handle: async ({ app, params }) => {
      const id = ownId('import', params.import);
      const found = id ? await findImport(app.db, id) : undefined;
      if (!found) throw new ApiProblem(404, 'There is no such import.');
      return { status: 200, body: await withLines(app, found) };
    },
  }),
];

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function dryRun(app: App, file: Uint8Array, mapped: Mapping | undefined, key: ApiKey) {
  const read = await readRows(file, mapped);
  if (!read.ok) throw unreadable(read.fault);
  const outcomes: LineOutcome[] = [];
  for (let start = 0; start < read.rows.length; start += rowsAtOnce) {
    outcomes.push(...(await tryRows(app, read.rows.slice(start, start + rowsAtOnce), key.id)));
  }
  const counted = (outcome: LineOutcome['outcome']) =>
    outcomes.filter((one) => one.outcome === outcome).length;
  return {
    dry_run: true,
    landed: false,
    rows: outcomes.length,
    ...countsBy(counted),
    short_of: shortOf(outcomes),
    ignored: read.ignored,
    lines: outcomes
      .filter(({ outcome }) => outcome !== 'usable')
      .slice(0, linesListed)
      .map(({ line, outcome, why }) => ({ line, outcome, why })),
  };
}

function countsBy(counted: (outcome: LineOutcome['outcome']) => number) {
  return Object.fromEntries(lineOutcomes.map((one) => [one, counted(one)])) as Record<
    LineOutcome['outcome'],
    number
  >;
}

function unreadable({ code, message, names, values }: PlanFault): ApiProblem {
  return unprocessable({ pointer: '', code, message, names, values });
}

async function refusedLines(app: App, id: string): Promise<ApiProblem> {
  const refused = (await linesOfImport(app.db, id)).filter(({ outcome }) => outcome === 'refused');
  return unprocessable(
    ...refused
      .slice(0, 100)
      .map(({ line, why }) => ({ pointer: `/${line}`, code: 'refused_line', message: why })),
  );
}

async function withLines(app: App, one: Import) {
  const listed = await linesOfImport(app.db, one.id, linesListed);
  const inOrder = listed.toSorted((a, b) => a.line - b.line);
  return {
    dry_run: false,
    ...shown(one),
    lines: inOrder.map(({ line, outcome, why }) => ({ line, outcome, why: why || null })),
  };
}

function shown(one: Import) {
  return {
    id: publicId('import', one.id),
    state: one.state,
    landed: one.state === 'landed',
    rows: one.rows,
    ...countsBy((outcome) => one[outcome]),
    short_of: JSON.parse(one.short_of) as Record<string, number>,
    checked_rows: one.checked_rows,
    landed_rows: one.landed_rows,
    filed_at: one.filed_at,
    released_at: one.released_at,
    ended_at: one.ended_at,
    ignored: JSON.parse(one.ignored) as string[],
  };
}
