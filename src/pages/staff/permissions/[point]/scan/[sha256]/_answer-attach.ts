import type { APIContext } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { namedIn } from '#src/http/frame.ts';
import { Problem } from '#src/http/problem.ts';
import { readUpload } from '#src/http/read-upload.ts';
import { attachScan } from '#src/permissions/attach-scan.ts';
import { readScan } from '#src/permissions/scan.ts';
import { paths } from '#src/routes.ts';

/** What a page takes at most. Longer recordings go by the API. */
const largestUpload = 16 * 1024 * 1024;

/** Keeps the file. Answers with what is wrong where another one has to be chosen. */
export async function answerAttach(
  context: APIContext,
  contactPointId: string,
  sha256: string,
): Promise<Response | string> {
  const { app, actor, t } = openDesk(context);
  const label = t('desk.field.scan');
  const fields = await readUpload(context.request, largestUpload);
  const file = fields.get('scan');
  const sent = file instanceof File && file.size > 0 ? file : undefined;
  const scan = sent && readScan(new Uint8Array(await sent.arrayBuffer()), largestUpload);
  if (!scan) return t('attach.fault.missing');
  if (scan === 'unknown_type') return t('attach.fault.type', { label });
  if (scan === 'too_large') return t('attach.fault.too_large', { label });
  const result = await attachScan(app, actor, contactPointId, sha256, scan);
  if (result === 'unknown') throw new Problem(404);
  if (result === 'other_file') return t('attach.fault.other_file', { sha256: scan.sha256 });
  const done = result === 'attached' ? 'scan' : 'scan_kept';
  return context.redirect(paths.staffPoint(contactPointId, { lang: namedIn(context.url), done }), 303);
}
