/** What the fields of a form hold, for the schemas of actions. A field that is missing reads as ''. */
import { z } from 'zod';
import type { FormFields } from '#src/forms/fields.ts';
import { Problem } from './problem.ts';

/** Throws a Problem for fields that our pages do not send. What a person may get wrong, an action says beside the field. */
export function checkFields<Schema extends z.ZodType>(fields: FormFields, schema: Schema): z.output<Schema> {
  const input = schema.safeParse(fields);
  if (!input.success) throw new Problem(422);
  return input.data;
}

/** All values. */
export const list = z.array(z.string()).default([]);

/** As it was typed. */
export const text = list.transform(([first = '']) => first);

/** One line: without spaces around it, and one space for any run of them. */
export const line = text.transform((typed) => typed.replace(/\s+/g, ' ').trim());

/** Several lines, each without spaces around it. */
export const lines = text.transform((typed) =>
  typed
    .split('\n')
    .map((one) => one.trim())
    .join('\n')
    .trim(),
);

/** A checkbox. */
export const checked = z
  .array(z.string())
  .optional()
  .transform((sent) => sent !== undefined);

/** Those of the given values that were chosen, in the order given here; anything else that was sent is ignored. */
export function chosenOf<const Value extends string>(all: readonly Value[]) {
  return list.transform((sent) => all.filter((one) => sent.includes(one)));
}

/** One of the given values. Any other is a request that our page does not send. */
export function oneOf<const Value extends string>(all: readonly [Value, ...Value[]]) {
  return text.pipe(z.enum(all));
}

/** The whole form, for what reads fields whose names it makes up itself. */
export const wholeForm = z.custom<FormFields>();

/** The id that a form was given when it was shown, so that sending it twice makes one row. */
export const newRowId = line.pipe(z.string().regex(/^[0-9a-f-]{36}$/));

/** The revision that was on the page when editing began. */
export const revision = text.transform(Number);
