import type { IncomingMessage, ServerResponse } from 'node:http';
import { finishAnswer } from '#src/http/finish-answer.ts';
import { logProblem, Problem, problemOf } from '#src/http/problem.ts';
import { requestFrom } from '#src/http/request-like.ts';
import { mayPost } from '#src/http/same-origin.ts';
import { pageAt, pages } from '#src/routes.ts';
import type { Action, ActionContext } from './action.ts';
import { actions } from './actions.ts';

/**
 * Does what people post, and answers it; false for every other request.
 *
 * Actions stand in front of the pages: nearly all of them end in a redirect, for which no page has to be rendered. Where
 * a page has to be shown, `locals` hold the answer, or why the action was refused, and `showPage` goes on to it.
 */
export function serveActions(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  locals: App.Locals,
  showPage: () => void,
): boolean {
  if (incoming.method !== 'POST') return false;
  const url = urlOf(incoming);
  const found = pageAt(url.pathname);
  const action = found && actions[found.name];
  if (!action) return false;
  locals.route = pages[found.name].path;
  const posted = { action, url, params: found.params };
  serve(posted, { incoming, outgoing, locals }, showPage).catch((error: NodeJS.ErrnoException) => {
    // The client went away while it was answered, or what it sent broke off.
    locals.app.log.debug({ reason: error.code ?? error.name }, 'action.broken_off');
    outgoing.destroy();
  });
  return true;
}

/** What is posted, and where. */
interface Posted {
  action: Action<unknown>;
  url: URL;
  params: Record<string, string>;
}

interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  locals: App.Locals;
}

async function serve(posted: Posted, exchange: Exchange, showPage: () => void): Promise<void> {
  const { incoming, outgoing, locals } = exchange;
  const answer = await answerOrLeave(posted, incoming, locals);
  // A client that has gone away gets no page.
  if (outgoing.destroyed) return;
  if (!answer) return showPage();
  finishAnswer(answer.headers, locals, posted.url.pathname);
  const body = answer.body ? Buffer.from(await answer.arrayBuffer()) : '';
  answer.headers.set('Content-Length', String(body.length));
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body);
}

/** `undefined`: the page of that address has to be shown, with what is left in `locals` for it. */
async function answerOrLeave(
  { action, url, params }: Posted,
  incoming: IncomingMessage,
  locals: App.Locals,
): Promise<Response | undefined> {
  try {
    const context = contextOf(incoming, url, params, locals);
    if (!(await mayPost(locals.app, context.request))) throw new Problem(403);
    const answer = await action.run(context);
    if (answer instanceof Response) return answer;
    locals.posted = answer;
  } catch (error) {
    const problem = problemOf(error);
    logProblem(locals.app.log, problem, error);
    locals.refused = problem;
  }
  return undefined;
}

function contextOf(
  incoming: IncomingMessage,
  url: URL,
  params: Record<string, string>,
  locals: App.Locals,
): ActionContext {
  const decoded = Object.entries(params).map(([name, value]) => [name, decodeURIComponent(value)]);
  return {
    // Its body is read to its end, however long: the server gives it half a minute.
    request: requestFrom(incoming, url),
    url,
    clientAddress: incoming.socket.remoteAddress ?? '',
    locals,
    params: Object.fromEntries(decoded),
  };
}

/** As the pages get it. The server has checked both parts before (`http/check-head.ts`). */
function urlOf({ headers, url }: IncomingMessage): URL {
  return new URL(`http://${headers.host}${url}`);
}
