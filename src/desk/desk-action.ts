/**
 * How a desk page answers a POST: an ability, a schema, a handler.
 *
 * The handler returns `redirect` (303, with a flash in the query), or the page is shown again: `again` (422, with what
 * has to be corrected), `conflict` (409) or `show` (200). The page calls `answerPost` first and renders what it returns.
 */
import type { APIContext } from 'astro';
import type { z } from 'zod';
import { type FormFields, first } from '#src/forms/fields.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import type { Ability } from '#src/staff/roles.ts';
import { openDesk } from './open-desk.ts';

export type DeskContext = Pick<APIContext, 'request' | 'url' | 'locals' | 'params'>;

/** What a handler gets beside its input. */
export type OpenDesk = ReturnType<typeof openDesk> & Pick<DeskContext, 'params' | 'url'>;

/** Something to correct, named like its field, with a link to it. */
export interface Fault {
  field: string;
  href: string;
  message: string;
}

/** Somebody else saved since this form was opened. Nothing was written. */
export interface Conflict {
  /** The revision to send the next time, which overwrites what is saved. */
  revision: number;
  differs: { name: string; saved: string; typed: string }[];
}

/** The page once more. */
export interface Again<Shown = never> {
  status: 200 | 409 | 422;
  faults: Fault[];
  conflict?: Conflict;
  /** What only this answer shows, such as a secret that was just made. */
  shown?: Shown;
}

/** What the page gets: the answer, with what was typed. */
export interface Posted<Shown = never> extends Again<Shown> {
  /** The button, by its `action`. */
  action: string;
  fields: FormFields;
}

export interface DeskAction<Shown = never> {
  run: (context: DeskContext, fields: FormFields) => Promise<Response | Again<Shown>>;
}

/** @param ability what the role needs for it, beside what the address itself needs */
export function deskAction<Schema extends z.ZodType, Shown = never>(
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

/** Done: leads to the page that says so, with a flash such as `{ done: 'saved' }`. Loading it again does nothing. */
export function redirect(path: string, flash: Record<string, string> = {}): Response {
  const query = new URLSearchParams(flash).toString();
  return new Response(null, { status: 303, headers: { Location: query ? `${path}?${query}` : path } });
}

/** Not done: the page once more, with what was typed and what has to be corrected. */
export function again(faults: Fault[]): Again {
  return { status: 422, faults };
}

export function conflict(found: Conflict): Again {
  return { status: 409, faults: [], conflict: found };
}

/** Done, and only this answer shows it: never at an address that could be opened again. */
export function show<Shown>(shown: Shown): Again<Shown> {
  return { status: 200, faults: [], shown };
}

/** The flash of the address, if it is one of those that the page has words for. */
export function flashOf<const Name extends string>(url: URL, names: readonly Name[]): Name | undefined {
  const done = url.searchParams.get('done');
  return names.find((name) => name === done);
}

export function faultAt(field: string, message: string): Fault {
  return { field, href: `#${field}`, message };
}

export function messageAt(faults: Fault[], field: string): string | undefined {
  return faults.find((fault) => fault.field === field)?.message;
}

function isAction<Shown>(
  actions: DeskAction<Shown> | Record<string, DeskAction<Shown>>,
): actions is DeskAction<Shown> {
  return typeof actions.run === 'function';
}
