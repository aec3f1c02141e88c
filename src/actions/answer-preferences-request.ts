import type { Locale } from '#db/schema.ts';
import { first, type IssueCode } from '#src/forms/fields.ts';
import { clientOf } from '#src/http/client.ts';
import { inLevelTime } from '#src/http/level-time.ts';
import { isLocale, wishedLocale } from '#src/http/locale.ts';
import { readForm } from '#src/http/read-form.ts';
import { seeOther } from '#src/http/see-other.ts';
import { requestManageLink } from '#src/permissions/request-manage-link.ts';
import { paths } from '#src/routes.ts';
import type { ActContext } from './action-context.ts';

/** The page once more, with what was typed. */
export interface PreferencesRequestAnswer {
  status: 200 | 422 | 429;
  locale: Locale;
  email: string;
  code?: IssueCode;
  retryAfterSeconds?: number;
}

export async function answerPreferencesRequest(
  context: ActContext,
): Promise<Response | PreferencesRequestAnswer> {
  const fields = await readForm(context.request);
  const email = first(fields, 'email') ?? '';
  const showIn = first(fields, 'show_in');
  if (isLocale(showIn)) return { status: 200, locale: showIn, email };
  const locale = wishedLocale(context.request) ?? 'de';
  const { app } = context.locals;
  const result = await inLevelTime(app, requestManageLink(app, email, locale, clientOf(context)));
  if (result.outcome === 'invalid') return { status: 422, locale, email, code: result.code };
  if (result.outcome === 'too_many') {
    return { status: 429, locale, email, retryAfterSeconds: result.retryAfterSeconds };
  }
  const lang = context.url.searchParams.get('lang');
  return seeOther(paths.preferencesSent() + (isLocale(lang) ? `?lang=${lang}` : ''));
}
