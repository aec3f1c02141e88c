import { type OpenDesk, redirect } from '#src/desk/desk-action.ts';
import { namedIn } from '#src/http/frame.ts';
import { captureAtDesk } from '#src/permissions/capture-at-desk.ts';
import { withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { paths } from '#src/routes.ts';
import type { CapturePage } from './capture-page.ts';
import { readCorrection } from './correction.ts';
import {
  type CaptureSubject,
  contactPointOf,
  type DeskFault,
  deskFault,
  readCapture,
} from './read-capture.ts';

/** Somebody else has corrected it meanwhile. */
export const correctedAlready: DeskFault = { field: 'wrong', code: 'corrected_already' };

/** Keeps what was taken down, if it is whole. */
export async function keepCapture(
  { app, actor, files, url }: OpenDesk,
  { name, typed, person, corrects }: CapturePage,
  subject: CaptureSubject,
): Promise<Response | DeskFault[]> {
  const why = corrects && readCorrection(corrects.eventId, typed);
  const keptScan = corrects?.typed['evidence.scan_sha256'];
  const scan = files.scan && new Uint8Array(await files.scan.arrayBuffer());
  const read = readCapture(name, subject, { typed, scan, keptScan }, app.now());
  const faults = [...(why && !why.ok ? why.faults : []), ...(read.ok ? [] : read.faults)];
  if (faults.length > 0 || !read.ok) return faults;
  const correction = why?.ok ? why.correction : undefined;
  const more = { scan: read.scan, personId: person?.personId, correction };
  const result = await captureAtDesk(app, actor, read.capture, more);
  if (result.outcome === 'not_correctable') return [correctedAlready];
  if (result.outcome === 'refused') {
    return result.faults.map(({ field, code }) => deskFault(name, field, code));
  }
  const query = {
    lang: namedIn(url),
    done: corrects ? 'corrected' : 'captured',
    what: `${subject.purpose}:${subject.channel}`,
    told: result.notifiedBy,
    audience: read.capture.audience === 'business' ? 'business' : undefined,
  };
  return redirect(paths.staffPoint(result.contactPointId, query));
}

/** A no to the words that were read out needs no evidence. */
export async function keepNo(
  { app, actor, url }: OpenDesk,
  { purpose, channel }: CaptureSubject,
  typed: Record<string, string>,
): Promise<Response | DeskFault[]> {
  const contactPoint = contactPointOf(channel, typed);
  const result = await withdrawAtDesk(app, actor, { contactPoint, purpose, channel, how: 'telephone' });
  if (result.outcome !== 'withdrawn') return [{ field: 'contact_point', code: 'invalid' }];
  if (!typed.for) return redirect(paths.staffPermissions({ done: 'no' }));
  const what = `${purpose}:${channel}`;
  const query = { lang: namedIn(url), done: 'refused', what, told: result.notifiedBy };
  return redirect(paths.staffPoint(typed.for, query));
}
