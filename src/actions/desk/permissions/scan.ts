/** What is posted where the file behind a checksum is added. */
import { z } from 'zod';
import { again, deskAction, faultAt, redirect } from '#src/desk/desk-action.ts';
import { namedIn } from '#src/http/frame.ts';
import { Problem } from '#src/http/problem.ts';
import { attachScan } from '#src/permissions/attach-scan.ts';
import { readScan } from '#src/permissions/scan.ts';
import { paths } from '#src/routes.ts';

/** What a page takes at most. Longer recordings go by the API. */
export const uploadBytes = 16 * 1024 * 1024;

/** Keeps the file, if it is the one that was named. */
export const addScan = deskAction('permissions.capture', z.object({}), async (desk) => {
  const { app, actor, t, files, url } = desk;
  const { point = '', sha256 = '' } = desk.params;
  const label = t('desk.field.scan');
  const wrong = (message: string) => again([faultAt('scan', message)]);
  if (!files.scan) return wrong(t('attach.fault.missing'));
  const scan = readScan(new Uint8Array(await files.scan.arrayBuffer()), uploadBytes);
  if (scan === 'unknown_type') return wrong(t('attach.fault.type', { label }));
  if (scan === 'too_large') return wrong(t('attach.fault.too_large', { label }));
  const result = await attachScan(app, actor, point, sha256, scan);
  if (result === 'unknown') throw new Problem(404);
  if (result === 'other_file') return wrong(t('attach.fault.other_file', { sha256: scan.sha256 }));
  const done = result === 'attached' ? 'scan' : 'scan_kept';
  return redirect(paths.staffPoint(point, { lang: namedIn(url), done }));
});
