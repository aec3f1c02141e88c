/** How the pages in front of the desks answer a POST, where nobody is signed in yet. */
import type { z } from 'zod';
import type { App } from '#src/app/app.ts';
import type { Again } from '#src/http/action-result.ts';
import { clientOf } from '#src/http/client.ts';
import { checkFields } from '#src/http/form-schema.ts';
import { type Translate, translator } from '#src/i18n/translate.ts';
import type { Visitor } from '#src/staff/recognise-visitor.ts';
import type { DeskAction, DeskContext } from './desk-action.ts';
import { staffLocale } from './staff-locale.ts';

/** What a handler gets beside its input. */
export interface Guest {
  app: App;
  t: Translate;
  /** Who signs in, and how well known they are there. */
  visitor: Visitor;
  url: URL;
  params: DeskContext['params'];
  /** For the answer. Only a desk ever sets a cookie. */
  setCookies: (cookies: string[]) => void;
}

export function guestAction<Schema extends z.ZodType, Shown = undefined>(
  schema: Schema,
  handler: (guest: Guest, input: z.output<Schema>) => Promise<Response | Again<Shown>>,
): DeskAction<Shown> {
  return {
    run(context, { fields }) {
      const { locals, request, url, params } = context;
      const guest = {
        app: locals.app,
        t: translator(staffLocale(context)),
        visitor: { ...clientOf(context), cookies: request.headers.get('cookie') },
        url,
        params,
        setCookies: (cookies: string[]) => {
          locals.staffCookies = cookies;
        },
      };
      return handler(guest, checkFields(fields, schema));
    },
  };
}
