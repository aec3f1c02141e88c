import type { APIContext } from 'astro';
import { importNames, type Mapping, type PlanFault } from '#src/exchange/import-columns.ts';
import { type Import, requireImport } from '#src/exchange/imports.ts';
import { discardImport, fileAtDesk, matchAtDesk, releaseImport } from '#src/exchange/release-import.ts';
import { runImport, runImportLater } from '#src/exchange/run-import.ts';
import { first } from '#src/forms/fields.ts';
import { openDesk } from '#src/http/open-desk.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { readUpload } from '#src/http/read-upload.ts';

export const mostMegabytes = 16;
/** Up to here the page that follows already knows the outcome. */
const rowsWaitedFor = 1000;

export type UploadFault = PlanFault | { code: 'missing' | 'too_large'; names?: undefined };

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
  return context.redirect(`/staff/imports/${id}`, 303);
}

export interface MatchAnswer {
  fault: PlanFault;
  mapping: Mapping;
}

export async function answerImport(context: APIContext, here: Import): Promise<Response | MatchAnswer> {
  const { app, actor } = openDesk(context);
  const fields = await readForm(context.request);
  const typed = (name: string) => (first(fields, name) ?? '').trim();
  const done = (what: string) => context.redirect(`/staff/imports/${here.id}?done=${what}`, 303);
  const action = typed('action');
  if (action === 'match' && here.state === 'mapping') {
    const mapping = mappingOf(typed);
    const fault = await matchAtDesk(app, actor, here, mapping);
    if (fault) return { fault, mapping };
    await goOn(context, here.id);
    return context.redirect(`/staff/imports/${here.id}`, 303);
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

/** What holds for all lines counts more than a column. */
function mappingOf(typed: (name: string) => string): Mapping {
  return Object.fromEntries(
    importNames.flatMap((name): [string, string][] => {
      const [fixed, column] = [typed(`fixed_${name}`), typed(`from_${name}`)];
      if (fixed) return [[name, `=${fixed}`]];
      return column ? [[name, column]] : [];
    }),
  );
}

async function goOn(context: APIContext, id: string): Promise<void> {
  const { app } = openDesk(context);
  const { rows } = await requireImport(app.db, id);
  if (rows > rowsWaitedFor) runImportLater(app, id);
  else await runImport(app, id);
}
