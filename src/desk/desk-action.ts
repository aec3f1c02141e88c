/**
 * How a desk page answers a POST: an ability, a schema, a handler.
 *
 * The handler returns `redirect` (303, with a flash in the query), or the page is shown again: `again` (422, with what
 * has to be corrected), `conflict` (409) or `show` (200). The page calls `answerPost` first and renders what it returns.
 */
import type { APIContext } from 'astro';
import type { z } from 'zod';
import { type FormFields, first } from '#src/forms/fields.ts';
import type { Again } from '#src/http/action-result.ts';
import { checkFields } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { type Files, readUpload } from '#src/http/read-upload.ts';
import type { Ability } from '#src/staff/roles.ts';
import { openDesk } from './open-desk.ts';

export type { Conflict, Fault } from '#src/http/action-result.ts';
export { again, againWith, conflict, faultAt, messageAt, redirect, show } from '#src/http/action-result.ts';

export type DeskContext = Pick<APIContext, 'request' | 'url' | 'locals' | 'params' | 'clientAddress'>;

/** What was posted. */
interface Sent {
  fields: FormFields;
  files: Files;
  /** What a button of a row says after its action: the id in `drop:ID`. Otherwise ''. */
  argument: string;
}

/** What a handler gets beside its input. */
export type OpenDesk = ReturnType<typeof openDesk> &
  Pick<DeskContext, 'params' | 'url'> &
  Pick<Sent, 'files' | 'argument'>;

/** What the page gets: the answer, with what was typed. */
export interface Posted<Shown = undefined> extends Again<Shown> {
  /** The button, by its `action`. */
  action: string;
  fields: FormFields;
}

export interface DeskAction<Shown = undefined> {
  run: (context: DeskContext, sent: Sent) => Promise<Response | Again<Shown>>;
}

/** @param ability what the role needs for it, beside what the address itself needs */
export function deskAction<Schema extends z.ZodType, Shown = undefined>(
  ability: Ability,
  schema: Schema,
  handler: (desk: OpenDesk, input: z.output<Schema>) => Promise<Response | Again<Shown>>,
): DeskAction<Shown> {
  return {
    run(context, { fields, files, argument }) {
      const desk = openDesk(context, ability);
      const { params, url } = context;
      return handler({ ...desk, params, url, files, argument }, checkFields(fields, schema));
    },
  };
}

type Actions<Shown> = DeskAction<Shown> | Record<string, DeskAction<Shown>>;

/**
 * Answers a POST, and is `undefined` for any other request. A page with several buttons names them by the value of
 * their `action`, which may say more after a colon. Throws a Problem for an action that the page does not have.
 *
 * @param uploadBytes how much a form of this page may send with its files
 */
export async function answerPost<Shown>(
  context: DeskContext & { response: { status?: number; headers?: Headers } },
  actions: Actions<Shown>,
  { uploadBytes }: { uploadBytes?: number } = {},
): Promise<Response | Posted<Shown> | undefined> {
  const { request, response } = context;
  if (request.method !== 'POST') return undefined;
  const { fields, files } = uploadBytes
    ? await readUpload(request, uploadBytes)
    : { fields: await readForm(request), files: {} };
  const [name = '', ...argument] = (first(fields, 'action') ?? '').split(':');
  const action = isAction(actions) ? actions : Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new Problem(422);
  const answer = await action.run(context, { fields, files, argument: argument.join(':') });
  if (answer instanceof Response) return answer;
  response.status = answer.status;
  if (answer.retryAfterSeconds) response.headers?.set('Retry-After', String(answer.retryAfterSeconds));
  return { ...answer, action: name, fields };
}

/** The flash of the address, if it is one of those that the page has words for. */
export function flashOf<const Name extends string>(url: URL, names: readonly Name[]): Name | undefined {
  const done = url.searchParams.get('done');
  return names.find((name) => name === done);
}

function isAction<Shown>(actions: Actions<Shown>): actions is DeskAction<Shown> {
  return typeof actions.run === 'function';
}
