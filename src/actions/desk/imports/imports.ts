/** What is posted at the desk for imports. */
import { z } from 'zod';
import type { App } from '#src/app/app.ts';
import { again, deskAction, faultAt, type OpenDesk, redirect } from '#src/desk/desk-action.ts';
import { requireImport } from '#src/exchange/imports.ts';
import { discardImport, fileAtDesk, matchAtDesk, releaseImport } from '#src/exchange/release-import.ts';
import { runImport, runImportLater } from '#src/exchange/run-import.ts';
import { newRowId, wholeForm } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import { paths } from '#src/routes.ts';
import { faultText, mostMegabytes } from './import-words.ts';
import { mappingOf } from './mapping-fields.ts';

/** Up to here the page that follows already knows the outcome. */
const rowsWaitedFor = 1000;

const megabyte = 1024 * 1024;

/** For `answerPost`: the file and what else the form sends. */
export const uploadBytes = (mostMegabytes + 1) * megabyte;

/** Takes the file and leads to its page. */
export const fileImport = deskAction('imports.file', z.object({ id: newRowId }), async (desk, { id }) => {
  const { app, actor, files, t } = desk;
  const { file } = files;
  if (!file) return again([faultAt('file', faultText(t, { code: 'missing' }))]);
  if (file.size > mostMegabytes * megabyte) {
    return again([faultAt('file', faultText(t, { code: 'too_large' }))]);
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const filed = await fileAtDesk(app, actor, { id, name: file.name, file: bytes });
  if (filed.outcome === 'unreadable') return again([faultAt('file', faultText(t, filed.fault))]);
  await goOn(app, id);
  return redirect(paths.staffImport(id));
});

const match = deskAction('imports.file', wholeForm.transform(mappingOf), async (desk, mapping) => {
  const { app, actor, t } = desk;
  const here = await requireImport(app.db, idOf(desk));
  if (!mapping || here.state !== 'mapping') throw new Problem(422);
  const fault = await matchAtDesk(app, actor, here, mapping);
  if (fault) return again([faultAt('match-title', faultText(t, fault))]);
  await goOn(app, here.id);
  return redirect(paths.staffImport(here.id));
});

const release = deskAction('imports.release', z.object({}), async (desk) => {
  const { app, actor } = desk;
  const { outcome } = await releaseImport(app, actor, idOf(desk));
  if (outcome === 'unknown') throw new Problem(404);
  if (outcome === 'released') await goOn(app, idOf(desk));
  return redirect(paths.staffImport(idOf(desk)), { done: outcome });
});

const discard = deskAction('imports.file', z.object({}), async (desk) => {
  const isDiscarded = await discardImport(desk.app, desk.actor, idOf(desk));
  return redirect(paths.staffImport(idOf(desk)), { done: isDiscarded ? 'discarded' : 'not_waiting' });
});

/** The buttons of the page of an import. */
export const importActions = { match, release, discard };

function idOf({ params: { id = '' } }: OpenDesk): string {
  return id;
}

async function goOn(app: App, id: string): Promise<void> {
  const { rows } = await requireImport(app.db, id);
  if (rows > rowsWaitedFor) runImportLater(app, id);
  else await runImport(app, id);
}
