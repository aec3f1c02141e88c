import type { APIContext } from 'astro';
import { paths } from '#src/paths.ts';
import { mayDo, pageRule } from '#src/staff/roles.ts';
import { openSession } from '#src/staff/sessions.ts';
import { needsTwoFactor } from '#src/staff/two-factor.ts';
import { Problem } from './problem.ts';

/**
 * Lets staff to their desks: sets `locals.staff`, or answers with the way to sign in.
 * An address without a rule is nobody's, so a page that was forgotten in the table is closed, not open.
 */
export async function guardStaff(context: APIContext): Promise<Response | undefined> {
  const { locals, request, url } = context;
  const rule = pageRule(url.pathname);
  if (!rule) throw new Problem(404);
  const posts = request.method === 'POST';
  const need = posts ? rule.post : rule.read;
  const open = await openSession(locals.app, request.headers.get('cookie'));
  if (open && open.session.waits_for_code === 0) locals.staff = open;
  if (open?.cookie) locals.staffCookie = open.cookie;
  if (need === 'anyone') return undefined;
  if (!locals.staff) {
    const here = posts ? paths.staff() : `${url.pathname}${url.search}`;
    const way = open ? '/staff/code' : paths.staffSignIn();
    return context.redirect(`${way}?to=${encodeURIComponent(here)}`, 303);
  }
  const { actor } = locals.staff;
  if (need === 'nobody' || !mayDo(actor.role, need)) throw new Problem(403);
  if (await mustSetUpTwoFactor(context)) return context.redirect('/staff/account/two-factor', 303);
  return undefined;
}

/** A session in use lives on; only a desk ever gets this cookie. */
export function keepStaffSession({ locals }: APIContext, response: Response): void {
  if (locals.staffCookie) response.headers.append('Set-Cookie', locals.staffCookie);
}

/** Where to go after signing in: an address of the desks, or their front page. */
export function staffTarget(wished: string | null | undefined): string {
  return wished && /^\/staff(\/[\w/.:@~-]*)?(\?[\w=&%.:@~+-]*)?$/.test(wished) ? wished : paths.staff();
}

async function mustSetUpTwoFactor({ locals, url }: APIContext): Promise<boolean> {
  const actor = locals.staff?.actor;
  if (!actor || !needsTwoFactor(locals.app, actor.role) || url.pathname.startsWith('/staff/account'))
    return false;
  const row = await locals.app.db
    .selectFrom('staff')
    .select('totp_confirmed_at')
    .where('id', '=', actor.id)
    .executeTakeFirst();
  return !row?.totp_confirmed_at;
}
