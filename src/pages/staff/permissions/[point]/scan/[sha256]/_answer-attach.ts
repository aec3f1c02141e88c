import type { APIContext } from 'astro';
import { Problem } from '#src/http/problem.ts';
import { attachScan } from '#src/permissions/attach-scan.ts';
import { readScan } from '#src/permissions/scan.ts';
import { deskPaths, langOf, openDesk } from '../../../_desk.ts';
import { readFields } from '../../../capture/_read-fields.ts';

/** Keeps the file. Answers with what is wrong where another one has to be chosen. */
export async function answerAttach(
  context: APIContext,
  contactPointId: string,
  sha256: string,
): Promise<Response | string> {
  const { app, actor, t } = openDesk(context);
  const label = t('desk.field.scan');
  const { scan: bytes } = await readFields(context.request);
  const scan = bytes && readScan(bytes);
  if (!scan) return t('attach.fault.missing');
  if (scan === 'unknown_type') return t('desk.fault.scan_type', { label });
  if (scan === 'too_large') return t('desk.fault.scan_too_large', { label });
  const result = await attachScan(app, actor, contactPointId, sha256, scan);
  if (result === 'unknown') throw new Problem(404);
  if (result === 'other_file') return t('attach.fault.other_file', { sha256: scan.sha256 });
  const done = result === 'attached' ? 'scan' : 'scan_kept';
  return context.redirect(deskPaths.person(contactPointId, { ...langOf(context), done }), 303);
}
