import { defineMiddleware } from 'astro:middleware';
import type { APIContext, MiddlewareNext } from 'astro';
import { finishDesk, guardStaff } from '#src/desk/staff-guard.ts';
import { finishAnswer } from '#src/http/finish-answer.ts';
import { readerLocale } from '#src/http/locale.ts';
import { methodsAt } from '#src/http/methods.ts';
import {
  logProblem,
  Problem,
  type ProblemDetails,
  problemJson,
  problemOf,
  wantsJson,
} from '#src/http/problem.ts';
import { mayPost } from '#src/http/same-origin.ts';
import { translator } from '#src/i18n/translate.ts';
import { isDesk } from '#src/routes.ts';

export const onRequest = defineMiddleware(async (context, next) => {
  // Set once: a problem page that is rendered instead has a pattern of its own.
  context.locals.route ??= context.routePattern;
  const response = await answer(context, next);
  finishAnswer(response.headers, context.locals, context.originPathname);
  if (isDesk(context.originPathname)) finishDesk(context, response);
  return response;
});

async function answer(context: APIContext, next: MiddlewareNext): Promise<Response> {
  const { request, locals } = context;
  if (locals.refused) return showProblem(context, next, locals.refused);
  try {
    const methods = methodsAt(context.originPathname);
    if (request.method === 'OPTIONS' && methods)
      return new Response(null, { status: 204, headers: { Allow: methods } });
    await refuseStrange(context, methods);
    if (isDesk(context.originPathname)) {
      const turnedAway = await guardStaff(context, next);
      if (turnedAway) return turnedAway;
    }
    return await next();
  } catch (error) {
    const problem = problemOf(error);
    logProblem(locals.app.log, problem, error);
    return showProblem(context, next, problem);
  }
}

/** @param methods those of a page for people; the desks have rules of their own */
async function refuseStrange({ request, locals, originPathname }: APIContext, methods: string | undefined) {
  if (isNoPage.test(originPathname)) throw new Problem(404);
  if (methods && !methods.includes(request.method)) throw new Problem(405, { Allow: methods });
  if (request.method !== 'POST') return;
  // Actions have run before. What was posted to a page for people and has no action leads nowhere.
  if (methods && !locals.posted) throw new Problem(404);
  if (!methods && !(await mayPost(locals.app, request))) throw new Problem(403);
}

/** What Astro answers besides our pages (images, server islands), and the address of its error page. */
const isNoPage = /^\/(?:_|500\/?$)/;

/** A page, or JSON for programs, that says what happened. The address stays that of the request. */
async function showProblem(
  { request, locals }: APIContext,
  next: MiddlewareNext,
  problem: ProblemDetails,
): Promise<Response> {
  const locale = readerLocale(request);
  if (wantsJson(request)) return problemJson(problem, translator(locale)(`problem.${problem.status}.title`));
  locals.problem = problem;
  if (isFrameWithoutForm(request, problem)) locals.framedBy = ['*'];
  const { search } = new URL(request.url);
  const page = await next(new Request(new URL(`/404${search}`, request.url), { headers: request.headers }));
  // Astro gives the page at /404 that status, whatever it says itself.
  return new Response(page.body, { status: problem.status, headers: page.headers });
}

/** A frame whose form is unknown, closed or can't be loaded: any site may show that. */
function isFrameWithoutForm(request: Request, { status }: ProblemDetails): boolean {
  const { pathname, searchParams } = new URL(request.url);
  const gone = status === 404 || status === 410 || status === 503;
  return gone && pathname.startsWith('/f/') && searchParams.get('embed') === '1';
}
