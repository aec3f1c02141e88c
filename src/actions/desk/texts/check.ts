/** What a script posts while a text is being written. */
import { z } from 'zod';
import { checkDraft } from '#src/consent-texts/check-draft.ts';
import { deskAction, show } from '#src/desk/desk-action.ts';
import { placeIn } from '#src/desk/require-text.ts';
import { text } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';

/** The findings for what is written so far. Saves nothing. */
export const checkWording = deskAction(
  'texts.read',
  z.object({ purpose: text, channel: text, locale: text, wording: text }),
  async ({ app, locale }, { wording, ...params }) => {
    const place = placeIn(params);
    const check = await checkDraft(app.db, place, wording, locale);
    if (!check) throw new Problem(404);
    return show({ check, place });
  },
);
