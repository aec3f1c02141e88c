import type { APIRoute } from 'astro';
import { paths } from '#src/routes.ts';
import { endedCookie } from '#src/staff/sessions.ts';
import { signOut } from '#src/staff/sign-in.ts';

export const POST: APIRoute = async ({ locals, redirect }) => {
  if (locals.staff) await signOut(locals.app, locals.staff);
  locals.staffCookies = [endedCookie(locals.app)];
  return redirect(`${paths.staffSignIn()}?done=signed_out`, 303);
};

export const GET: APIRoute = ({ redirect }) => redirect(paths.staff(), 303);
