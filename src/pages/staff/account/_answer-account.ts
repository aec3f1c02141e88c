import type { APIContext } from 'astro';
import { first } from '#src/forms/fields.ts';
import { isLocale } from '#src/http/locale.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { changeOwnLocale, changeOwnPassword, endOwnSession } from '#src/staff/own-account.ts';
import type { PasswordFault } from '#src/staff/passwords.ts';
import type { OpenSession } from '#src/staff/sessions.ts';

export type AccountFault =
  | { field: 'current'; fault: 'wrong' | 'locked' }
  | { field: 'wished'; fault: PasswordFault };

export async function answerAccount(
  context: APIContext,
  open: OpenSession,
): Promise<Response | AccountFault> {
  const { app } = context.locals;
  const fields = await readForm(context.request);
  const value = (name: string) => first(fields, name) ?? '';
  const done = (what: string) => context.redirect(`/staff/account?done=${what}`, 303);
  switch (value('action')) {
    case 'end':
      await endOwnSession(app, open.actor, value('session'));
      return done('ended');
    case 'language':
      await changeOwnLocale(
        app,
        open.actor,
        isLocale(value('locale')) ? (value('locale') as 'de' | 'en') : null,
      );
      return done('saved');
    case 'password': {
      const typed = { current: value('current'), wished: value('wished') };
      const result = await changeOwnPassword(app, open, typed);
      if (result.outcome === 'changed') return done('password');
      if (result.outcome === 'refused') return { field: 'wished', fault: result.fault };
      return { field: 'current', fault: result.outcome };
    }
    default:
      throw new Problem(422);
  }
}
