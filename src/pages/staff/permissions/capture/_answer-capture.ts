import type { APIContext } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { namedIn } from '#src/http/frame.ts';
import { captureAtDesk, revokeCaptureAtDesk } from '#src/permissions/capture-at-desk.ts';
import type { Correctable } from '#src/permissions/find-correctable.ts';
import type { DeskPerson } from '#src/permissions/look-up-person.ts';
import { withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { paths } from '#src/routes.ts';
import type { WayName } from '../_ways.ts';
import { readCorrection } from './_correction.ts';
import {
  type CaptureSubject,
  contactPointOf,
  type DeskFault,
  deskFault,
  readCapture,
} from './_read-capture.ts';
import type { TypedCapture } from './_read-fields.ts';

/** Whose page it is taken down on, and what it takes the place of. */
interface CaptureContext {
  person: DeskPerson | undefined;
  corrects: Correctable | undefined;
}

/** Keeps what was taken down. Where something has to be mended, says what; nothing is kept then. */
export async function answerCapture(
  context: APIContext,
  way: WayName,
  subject: CaptureSubject,
  given: TypedCapture,
  { person, corrects }: CaptureContext,
): Promise<Response | DeskFault[]> {
  const { app, actor } = openDesk(context);
  if (given.typed.answer === 'no') return saidNo(context, subject, given.typed);
  const why = corrects && readCorrection(corrects.eventId, given.typed);
  const keptScan = corrects?.typed['evidence.scan_sha256'];
  const read = readCapture(way, subject, { ...given, keptScan }, app.now());
  const faults = [...(why && !why.ok ? why.faults : []), ...(read.ok ? [] : read.faults)];
  if (faults.length > 0 || !read.ok) return faults;
  const correction = why?.ok ? why.correction : undefined;
  const more = { scan: read.scan, personId: person?.personId, correction };
  const result = await captureAtDesk(app, actor, read.capture, more);
  if (result.outcome === 'not_correctable') return [{ field: 'wrong', code: 'corrected_already' }];
  if (result.outcome === 'refused') {
    return result.faults.map(({ field, code }) => deskFault(way, field, code));
  }
  const what = `${subject.purpose}:${subject.channel}`;
  const query = {
    lang: namedIn(context.url),
    done: corrects ? 'corrected' : 'captured',
    what,
    told: result.notifiedBy,
    ...(read.capture.audience === 'business' && { audience: 'business' }),
  };
  return context.redirect(paths.staffPoint(result.contactPointId, query), 303);
}

/** What was taken down wrongly goes, and nothing takes its place. */
export async function answerTakeBack(
  context: APIContext,
  corrects: Correctable,
  typed: Record<string, string>,
): Promise<Response | DeskFault[]> {
  const { app, actor } = openDesk(context);
  const why = readCorrection(corrects.eventId, typed);
  if (!why.ok) return why.faults;
  const result = await revokeCaptureAtDesk(app, actor, why.correction);
  if (result.outcome === 'not_correctable') return [{ field: 'wrong', code: 'corrected_already' }];
  const query = { lang: namedIn(context.url), done: 'taken_back', told: result.notifiedBy };
  return context.redirect(typed.for ? paths.staffPoint(typed.for, query) : paths.staffPermissions(), 303);
}

/** A no to the words that were read out needs no evidence. */
async function saidNo(
  context: APIContext,
  { purpose, channel }: CaptureSubject,
  typed: Record<string, string>,
): Promise<Response | DeskFault[]> {
  const { app, actor } = openDesk(context);
  const contactPoint = contactPointOf(channel, typed);
  const asked = { contactPoint, purpose, channel, how: 'telephone' };
  const result = await withdrawAtDesk(app, actor, asked);
  if (result.outcome !== 'withdrawn') return [{ field: 'contact_point', code: 'invalid' }];
  if (!typed.for) return context.redirect(`${paths.staffPermissions()}?done=no`, 303);
  const query = {
    lang: namedIn(context.url),
    done: 'refused',
    what: `${purpose}:${channel}`,
    told: result.notifiedBy,
  };
  return context.redirect(paths.staffPoint(typed.for, query), 303);
}
