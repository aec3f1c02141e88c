import type { APIContext, MiddlewareNext } from 'astro';
import type { FormFields } from '#src/forms/fields.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { isDesk, type PageName, pageAt, pages, paths } from '#src/routes.ts';
import { type Ability, mayDo } from '#src/staff/roles.ts';
import { openSession } from '#src/staff/sessions.ts';
import { hasTwoFactor, needsTwoFactor } from '#src/staff/two-factor.ts';

/**
 * Lets staff to their desks: sets `locals.staff`, or answers with the way to sign in.
 * An address that is missing in `routes.ts` is closed to everyone.
 */
export async function guardStaff(context: APIContext, next: MiddlewareNext): Promise<Response | undefined> {
  const { locals, request, url } = context;
  const open = await openSession(locals.app, request.headers.get('cookie'));
  if (open && open.session.waits_for_code === 0) locals.staff = open;
  if (open?.cookie) locals.staffCookies = [open.cookie];
  const need = needOf(url.pathname, request.method);
  if (need === 'anyone') return undefined;
  if (!locals.staff) return (await keepEntries(context, next)) ?? askToSignIn(context, open !== undefined);
  const { role } = locals.staff.actor;
  if (!mayDo(role, need)) throw new Problem(403);
  // Said once more beside the table: an auditor changes nothing but the own account.
  const changes = request.method === 'POST' && !need.endsWith('.read');
  if (changes && role === 'auditor' && need !== 'account.change') throw new Problem(403);
  if (await mustSetUpTwoFactor(context)) return context.redirect(paths.staffTwoFactor(), 303);
  return undefined;
}

/** Only a desk ever gets a cookie; a session in use lives on. */
export function finishDesk({ locals }: APIContext, response: Response): void {
  for (const cookie of locals.staffCookies ?? []) response.headers.append('Set-Cookie', cookie);
  // Without a referrer browsers send forms with the origin `null`, and a desk takes none from there.
  response.headers.set('Referrer-Policy', 'same-origin');
}

/** Where to go after signing in: an address of the desks, or their front page. */
export function staffTarget(wished: string | null | undefined): string {
  if (!wished?.startsWith('/') || !URL.canParse(wished, here)) return paths.staff();
  const { origin, pathname, search } = new URL(wished, here);
  return origin === here && isDesk(pathname) ? pathname + search : paths.staff();
}

/** Any origin: it only tells whether an address leaves it. */
const here = 'https://desk.invalid';

function needOf(pathname: string, method: string): Ability | 'anyone' {
  const page = pageAt(pathname);
  if (!page) throw new Problem(404);
  const { read, post } = pages[page.name];
  if (method === 'GET' || method === 'HEAD') return read;
  if (method === 'POST' && post !== 'nobody') return post;
  throw new Problem(405, { Allow: post === 'nobody' ? 'GET, HEAD' : 'GET, HEAD, POST' });
}

function askToSignIn({ request, url, redirect }: APIContext, halfWay: boolean): Response {
  const back = request.method === 'POST' ? url.pathname : url.pathname + url.search;
  const way = halfWay ? paths.staffCode : paths.staffSignIn;
  return redirect(way({ to: back }), 303);
}

/** A session may end while somebody writes: what they send then is shown to them, to be sent once more. */
async function keepEntries(
  { request, locals, url }: APIContext,
  next: MiddlewareNext,
): Promise<Response | undefined> {
  if (request.method !== 'POST') return undefined;
  // An upload cannot be shown again.
  const fields: FormFields = await readForm(request).catch(() => ({}));
  const entries = Object.entries(fields).filter(([name]) => !secrets.includes(name));
  if (entries.length === 0) return undefined;
  locals.entries = Object.fromEntries(entries);
  const headers = new Headers(request.headers);
  for (const name of ['content-type', 'content-length']) headers.delete(name);
  return next(new Request(new URL(paths.staffResume(url.searchParams), url), { headers }));
}

const secrets = ['password', 'password_again', 'current', 'wished', 'code'];

/** Where it is set up, and the way out. */
const withoutTwoFactor: PageName[] = ['staffAccount', 'staffTwoFactor', 'staffSignOut'];

async function mustSetUpTwoFactor({ locals, url }: APIContext): Promise<boolean> {
  const { app, staff } = locals;
  if (!staff || !needsTwoFactor(app, staff.actor.role)) return false;
  const page = pageAt(url.pathname)?.name;
  if (page && withoutTwoFactor.includes(page)) return false;
  return !(await hasTwoFactor(app.db, staff.actor.id));
}
