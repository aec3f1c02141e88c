import type { Db, Tx } from '#db/connect.ts';
import type { PausedBoxTable } from '#db/schema/form-switches.ts';
import { fieldNames } from './form-definition.ts';
import type { FormDraft } from './form-draft.ts';
import { alwaysAllowed, channelsNeeding, channelsOf } from './needed-fields.ts';

/** Boxes that a form hides because their text is stopped or invalid, in display order. */
export async function pausedBoxes(db: Db | Tx, formId: string): Promise<PausedBoxTable[]> {
  return db
    .selectFrom('paused_boxes')
    .selectAll()
    .where('form_id', '=', formId)
    .orderBy('position')
    .execute();
}

/** The draft with all paused boxes and the fields that they need. */
export function withPaused(draft: FormDraft, paused: PausedBoxTable[]): FormDraft {
  if (paused.length === 0) return draft;
  const consents = draft.consents.filter((value) => !paused.some((box) => box.value === value));
  for (const { value, position } of paused) consents.splice(position, 0, value);
  const needed = paused.flatMap(({ fields }) => JSON.parse(fields) as FormDraft['fields']);
  const fields = [...draft.fields];
  for (const field of needed) if (!fields.some(({ name }) => name === field.name)) fields.push(field);
  return { ...draft, consents, fields: fields.sort((a, b) => placeOf(a.name) - placeOf(b.name)) };
}

function placeOf(name: (typeof fieldNames)[number]): number {
  return fieldNames.indexOf(name);
}

/** The draft with these boxes only, without fields that none of them needs. */
export function onlyBoxes(draft: FormDraft, consents: string[]): FormDraft {
  if (consents.length === draft.consents.length) return draft;
  const channels = channelsOf({ consents });
  const fields = draft.fields.filter(
    ({ name }) => alwaysAllowed.includes(name) || channelsNeeding(name, channels).length > 0,
  );
  return { ...draft, consents, fields };
}
