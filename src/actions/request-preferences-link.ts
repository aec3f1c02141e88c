import { z } from 'zod';
import { issueMessage } from '#src/components/form-faults.ts';
import { againWith, faultAt, redirect, show, tooMany } from '#src/http/action-result.ts';
import { clientOf } from '#src/http/client.ts';
import { text } from '#src/http/form-schema.ts';
import { readerLocale } from '#src/http/locale.ts';
import { padResponseTime } from '#src/http/pad-response-time.ts';
import { isLocale } from '#src/i18n/locales.ts';
import { translator } from '#src/i18n/translate.ts';
import { requestManageLink } from '#src/permissions/request-manage-link.ts';
import { paths } from '#src/routes.ts';
import { action } from './action.ts';

/** Sends the link to the preference centre, or shows the form in the other language. */
export const requestPreferencesLink = action(
  z.object({ email: text, show_in: text }),
  async (context, { email, show_in: showIn }) => {
    if (isLocale(showIn)) return show({ locale: showIn, email });
    const { app } = context.locals;
    const locale = readerLocale(context.request);
    const t = translator(locale);
    const result = await padResponseTime(app, requestManageLink(app, email, locale, clientOf(context)));
    if (result.outcome === 'invalid') {
      const message = issueMessage(t, { field: 'email', code: result.code });
      return againWith([faultAt('email', message)], { locale, email });
    }
    if (result.outcome === 'too_many') {
      const { retryAfterSeconds } = result;
      const message = t('error.too_many', { minutes: Math.ceil(retryAfterSeconds / 60) });
      return tooMany([faultAt('submit', message)], retryAfterSeconds, { locale, email });
    }
    const lang = context.url.searchParams.get('lang');
    return redirect(paths.preferencesSent(isLocale(lang) ? { lang } : {}));
  },
);
