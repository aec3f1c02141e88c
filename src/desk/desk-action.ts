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
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import type { Ability } from '#src/staff/roles.ts';
import { openDesk } from './open-desk.ts';

export type { Conflict, Fault } from '#src/http/action-result.ts';
export { again, conflict, faultAt, messageAt, redirect, show } from '#src/http/action-result.ts';

export type DeskContext = Pick<APIContext, 'request' | 'url' | 'locals' | 'params'>;

/** What a handler gets beside its input. */
export type OpenDesk = ReturnType<typeof openDesk> & Pick<DeskContext, 'params' | 'url'>;

/** What the page gets: the answer, with what was typed. */
export interface Posted<Shown = undefined> extends Again<Shown> {
  /** The button, by its `action`. */
  action: string;
  fields: FormFields;
}

export interface DeskAction<Shown = undefined> {
  run: (context: DeskContext, fields: FormFields) => Promise<Response | Again<Shown>>;
}

/** @param ability what the role needs for it, beside what the address itself needs */
export function deskAction<Schema extends z.ZodType, Shown = undefined>(
  ability: Ability,
  schema: Schema,
  handler: (desk: OpenDesk, input: z.output<Schema>) => Promise<Response | Again<Shown>>,
): DeskAction<Shown> {
  return {
    run(context, fields) {
      const desk = openDesk(context, ability);
      const input = schema.safeParse(fields);
      // Our pages send nothing else. What a person may get wrong, the handler says beside the field.
      if (!input.success) throw new Problem(422);
      return handler({ ...desk, params: context.params, url: context.url }, input.data);
    },
  };
}

/**
 * Answers a POST, and is `undefined` for any other request. A page with several buttons names them by the value of
 * their `action`. Throws a Problem for an action that the page does not have.
 */
export async function answerPost<Shown>(
  context: DeskContext & { response: { status?: number } },
  actions: DeskAction<Shown> | Record<string, DeskAction<Shown>>,
): Promise<Response | Posted<Shown> | undefined> {
  if (context.request.method !== 'POST') return undefined;
  const fields = await readForm(context.request);
  const name = first(fields, 'action') ?? '';
  const action = isAction(actions) ? actions : Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) throw new Problem(422);
  const answer = await action.run(context, fields);
  if (answer instanceof Response) return answer;
  context.response.status = answer.status;
  return { ...answer, action: name, fields };
}

/** The flash of the address, if it is one of those that the page has words for. */
export function flashOf<const Name extends string>(url: URL, names: readonly Name[]): Name | undefined {
  const done = url.searchParams.get('done');
  return names.find((name) => name === done);
}

function isAction<Shown>(
  actions: DeskAction<Shown> | Record<string, DeskAction<Shown>>,
): actions is DeskAction<Shown> {
  return typeof actions.run === 'function';
}
