import { type FormFields, first } from '#src/forms/fields.ts';
import { show } from '#src/http/action-result.ts';
import { clientOf } from '#src/http/client.ts';
import { readerLocale } from '#src/http/locale.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { translator } from '#src/i18n/translate.ts';
import { cutLink } from '#src/links/cut-link.ts';
import { type DescribedUnsubscribe, describeUnsubscribe } from '#src/permissions/describe-unsubscribe.ts';
import { unsubscribe } from '#src/permissions/unsubscribe.ts';
import type { Action } from './action.ts';

/** Withdraws. A mail provider (RFC 8058) gets a short text; a person's page gets what was granted until now. */
export const withdrawByLink: Action<DescribedUnsubscribe> = {
  async run(context) {
    const { app } = context.locals;
    const link = cutLink(context.params.link ?? '');
    const locale = readerLocale(context.request);
    // The link says it all. No body, however odd, makes it harder to leave, so there is no schema.
    const fields: FormFields = await readForm(context.request).catch(() => ({}));
    const oneClick = first(fields, 'List-Unsubscribe') === 'One-Click';
    const before = oneClick ? undefined : await describeUnsubscribe(app, link, locale);
    const result = await unsubscribe(app, link, oneClick ? 'one_click' : 'page', clientOf(context));
    if (result.outcome === 'unknown_link') throw new Problem(404);
    if (before) return show(before);
    return new Response(`${translator(locale)('unsubscribe.one_click')}\n`, {
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    });
  },
};
