import type { APIRoute } from 'astro';
import { paths } from '#src/paths.ts';
import { endedCookie, endSession } from '#src/staff/sessions.ts';

export const POST: APIRoute = async ({ locals, redirect }) => {
  if (locals.staff) await endSession(locals.app, locals.staff.actor.id, locals.staff.session.id);
  locals.staffCookie = endedCookie(locals.app);
  return redirect(paths.staffSignIn(), 303);
};

export const GET: APIRoute = ({ redirect }) => redirect(paths.staff(), 303);
