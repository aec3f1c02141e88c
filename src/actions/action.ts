/** How a page for people answers a POST: a schema and a handler. */
import type { z } from 'zod';
import type { Again } from '#src/http/action-result.ts';
import { checkFields } from '#src/http/form-schema.ts';
import { readForm } from '#src/http/read-form.ts';
import type { RequestWithBody } from '#src/http/request-like.ts';

/** What an action knows of the request. */
export interface ActionContext {
  request: RequestWithBody;
  url: URL;
  clientAddress: string;
  locals: App.Locals;
  /** The parameters of the address. */
  params: Record<string, string | undefined>;
}

export interface Action<Shown = undefined> {
  run: (context: ActionContext) => Promise<Response | Again<Shown>>;
}

/** For a page that needs nothing but its fields. */
export function action<Schema extends z.ZodType, Shown = undefined>(
  schema: Schema,
  handler: (context: ActionContext, input: z.output<Schema>) => Promise<Response | Again<Shown>>,
): Action<Shown> {
  return {
    async run(context) {
      return handler(context, checkFields(await readForm(context.request), schema));
    },
  };
}

/**
 * What the action of this page left for it, if something was posted. Sets the status of the page.
 *
 * The page names the type of its action only: `answerOf<typeof enterCode>(Astro)`. The action itself has run before.
 */
export function answerOf<Left extends Action<unknown>>(astro: {
  locals: App.Locals;
  response: { status?: number; headers: Headers };
}): AnswerOf<Left> | undefined {
  const answer = astro.locals.posted as AnswerOf<Left> | undefined;
  if (!answer) return undefined;
  astro.response.status = answer.status;
  const { retryAfterSeconds } = answer;
  if (retryAfterSeconds) astro.response.headers.set('Retry-After', String(retryAfterSeconds));
  return answer;
}

type AnswerOf<Left> = Left extends Action<infer Shown> ? Again<Shown> : never;
