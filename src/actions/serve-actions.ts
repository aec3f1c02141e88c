import type { IncomingMessage, ServerResponse } from 'node:http';
import { askedOf } from '#src/http/asked.ts';
import { finishAnswer } from '#src/http/finish-answer.ts';
import { logProblem, Problem, problemOf } from '#src/http/problem.ts';
import { mayAct } from '#src/http/same-origin.ts';
import type { ActContext } from './action-context.ts';
import { type Act, actAt } from './actions.ts';

/**
 * Does what people post, and answers it; false for every other request.
 *
 * Acts stand in front of the pages: nearly all of them end in a redirect, for which no page has to be put together.
 * Where one does have to be shown, `locals` tell it what was done, or why not, and `showPage` goes on to it.
 */
export function serveActions(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  locals: App.Locals,
  showPage: () => void,
): boolean {
  if (incoming.method !== 'POST') return false;
  const url = urlOf(incoming);
  const act = actAt(url.pathname);
  if (!act) return false;
  locals.route = act.route;
  serve(act, url, { incoming, outgoing, locals }, showPage).catch((error: NodeJS.ErrnoException) => {
    // The client went away while it was answered, or what it sent broke off.
    locals.app.log.debug({ reason: error.code ?? error.name }, 'act.broken_off');
    outgoing.destroy();
  });
  return true;
}

interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  locals: App.Locals;
}

async function serve(act: Act, url: URL, exchange: Exchange, showPage: () => void): Promise<void> {
  const { incoming, outgoing, locals } = exchange;
  const answer = await answerOf(act, url, incoming, locals);
  // Whoever went away while it was done gets no page.
  if (outgoing.destroyed) return;
  if (!answer) return showPage();
  finishAnswer(answer.headers, locals, url.pathname);
  const body = answer.body ? Buffer.from(await answer.arrayBuffer()) : '';
  answer.headers.set('Content-Length', String(body.length));
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(body);
}

/** `undefined`: the page of that address has to be shown. */
async function answerOf(
  act: Act,
  url: URL,
  incoming: IncomingMessage,
  locals: App.Locals,
): Promise<Response | undefined> {
  try {
    const context = contextOf(incoming, url, locals);
    if (!(await mayAct(locals.app, context.request))) throw new Problem(403);
    const answer = await act.answer(context);
    if (answer instanceof Response) return answer;
    locals.acted = answer;
  } catch (error) {
    const problem = problemOf(error);
    logProblem(locals.app.log, problem, error);
    locals.refused = problem;
  }
  return undefined;
}

function contextOf(incoming: IncomingMessage, url: URL, locals: App.Locals): ActContext {
  return {
    // Its body is read to its end, however long: the server gives it half a minute.
    request: askedOf(incoming, url),
    url,
    clientAddress: incoming.socket.remoteAddress ?? '',
    locals,
  };
}

/** As the pages get it. The server has checked both parts before (`http/check-head.ts`). */
function urlOf({ headers, url }: IncomingMessage): URL {
  return new URL(`http://${headers.host}${url}`);
}
