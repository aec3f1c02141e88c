import type { APIContext } from 'astro';
import { captureAtDesk } from '#src/permissions/capture-at-desk.ts';
import { withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { deskPaths, langOf, openDesk } from '../_desk.ts';
import type { WayName } from '../_ways.ts';
import {
  type CaptureSubject,
  contactPointOf,
  type DeskFault,
  deskFault,
  readCapture,
} from './_read-capture.ts';
import type { TypedCapture } from './_read-fields.ts';

/** Keeps what was taken down. Where something has to be mended, says what; nothing is kept then. */
export async function answerCapture(
  context: APIContext,
  way: WayName,
  subject: CaptureSubject,
  given: TypedCapture,
): Promise<Response | DeskFault[]> {
  const { app, actor } = openDesk(context);
  if (given.typed.answer === 'no') return saidNo(context, subject, given.typed);
  const read = readCapture(way, subject, given, app.now());
  if (!read.ok) return read.faults;
  const result = await captureAtDesk(app, actor, read.capture, read.scan);
  if (result.outcome === 'refused') {
    return result.faults.map(({ field, code }) => deskFault(way, field, code));
  }
  const what = `${subject.purpose}:${subject.channel}`;
  const query = {
    ...langOf(context),
    done: 'captured',
    what,
    told: result.told,
    ...(read.capture.audience === 'business' && { audience: 'business' }),
  };
  return context.redirect(deskPaths.person(result.contactPointId, query), 303);
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
  if (!typed.for) return context.redirect(`${deskPaths.lookUp()}?done=no`, 303);
  const query = {
    ...langOf(context),
    done: 'refused',
    what: `${purpose}:${channel}`,
    told: result.told,
  };
  return context.redirect(deskPaths.person(typed.for, query), 303);
}
