import type { APIContext } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { importNames, type PlanFault } from '#src/exchange/import-columns.ts';
import { type Import, requireImport } from '#src/exchange/imports.ts';
import { type Mapping, readMapping } from '#src/exchange/mapping.ts';
import { discardImport, fileAtDesk, matchAtDesk, releaseImport } from '#src/exchange/release-import.ts';
import { runImport, runImportLater } from '#src/exchange/run-import.ts';
import { first } from '#src/forms/fields.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { readUpload } from '#src/http/read-upload.ts';
import { paths } from '#src/routes.ts';

export const mostMegabytes = 16;
/** Up to here the page that follows already knows the outcome. */
const rowsWaitedFor = 1000;

export type UploadFault =
  | PlanFault
  | { code: 'missing' | 'too_large'; names?: undefined; values?: undefined };

/** Takes the file and leads to its page. */
export async function answerUpload(context: APIContext): Promise<Response | UploadFault> {
  const { app, actor } = openDesk(context);
  const fields = await readUpload(context.request, (mostMegabytes + 1) * 1024 * 1024);
  const file = fields.get('file');
  const id = fields.get('id');
  if (typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(id)) throw new Problem(422);
  if (!(file instanceof File) || file.size === 0) return { code: 'missing' };
  if (file.size > mostMegabytes * 1024 * 1024) return { code: 'too_large' };
  const bytes = new Uint8Array(await file.arrayBuffer());
  const filed = await fileAtDesk(app, actor, { id, name: file.name, file: bytes });
  if (filed.outcome === 'unreadable') return filed.fault;
  await goOn(context, id);
  return context.redirect(paths.staffImport(id), 303);
}

export interface MatchAnswer {
  fault: PlanFault;
  typed: (name: string) => string;
}

export async function answerImport(context: APIContext, here: Import): Promise<Response | MatchAnswer> {
  const { app, actor } = openDesk(context);
  const fields = await readForm(context.request);
  const typed = (name: string) => (first(fields, name) ?? '').trim();
  const done = (what: string) => context.redirect(paths.staffImport(here.id, { done: what }), 303);
  const action = typed('action');
  if (action === 'match' && here.state === 'mapping') {
    const mapping = mappingOf(typed);
    if (!mapping) throw new Problem(422);
    const fault = await matchAtDesk(app, actor, here, mapping);
    if (fault) return { fault, typed };
    await goOn(context, here.id);
    return context.redirect(paths.staffImport(here.id), 303);
  }
  if (action === 'release') {
    const { outcome } = await releaseImport(app, actor, here.id);
    if (outcome === 'unknown') throw new Problem(404);
    if (outcome === 'released') await goOn(context, here.id);
    return done(outcome);
  }
  if (action !== 'discard') throw new Problem(422);
  return done((await discardImport(app, actor, here.id)) ? 'discarded' : 'not_waiting');
}

/** What holds for all lines counts more than a column. `undefined` for what our page does not send. */
function mappingOf(typed: (name: string) => string): Mapping | undefined {
  const columns = importNames.flatMap((name): [string, string][] => {
    const [fixed, column] = [typed(`fixed_${name}`), typed(`from_${name}`)];
    if (fixed) return [[name, `=${fixed}`]];
    return column ? [[name, column]] : [];
  });
  const [state, stateAt] = [typed('fixed_state'), typed('from_state_at')];
  const answers = answersIn(typed);
  return readMapping({
    ...Object.fromEntries(columns),
    ...(state && { state: `=${state}` }),
    ...(stateAt && { state_at: stateAt }),
    states: Object.fromEntries(answers.flatMap(({ column, values }) => (values ? [[column, values]] : []))),
    ignore: answers.flatMap(({ column, values }) => (values ? [] : [column])),
  });
}

/** What was said about each column that reads like a state: `values` is missing where it says nothing. */
function answersIn(typed: (name: string) => string) {
  const answers: { column: string; values?: Record<string, string> }[] = [];
  for (let index = 0; typed(`state_column_${index}`) !== ''; index++) {
    const column = typed(`state_column_${index}`);
    const says = typed(`says_${index}`);
    if (says === 'ignore') answers.push({ column });
    else if (says === 'by_value') answers.push({ column, values: valuesIn(typed, index) });
    else if (says !== '') answers.push({ column, values: { '*': says } });
  }
  return answers;
}

function valuesIn(typed: (name: string) => string, index: number): Record<string, string> {
  const values: Record<string, string> = {};
  for (let at = 0; typed(`value_${index}_${at}`) !== ''; at++) {
    const says = typed(`means_${index}_${at}`);
    if (says !== '') values[typed(`value_${index}_${at}`)] = says;
  }
  return values;
}

async function goOn(context: APIContext, id: string): Promise<void> {
  const { app } = openDesk(context);
  const { rows } = await requireImport(app.db, id);
  if (rows > rowsWaitedFor) runImportLater(app, id);
  else await runImport(app, id);
}
