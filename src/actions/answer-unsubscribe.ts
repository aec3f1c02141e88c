import { type FormFields, first } from '#src/forms/fields.ts';
import { clientOf } from '#src/http/client.ts';
import { wishedLocale } from '#src/http/locale.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { translator } from '#src/i18n/translate.ts';
import { type DescribedUnsubscribe, describeUnsubscribe, unsubscribe } from '#src/permissions/unsubscribe.ts';
import type { ActContext } from './action-context.ts';

/** Withdraws. A mail provider (RFC 8058) gets a short text; a person's page gets what stood until now. */
export async function answerUnsubscribe(
  context: ActContext,
  link: string,
): Promise<Response | DescribedUnsubscribe> {
  const { app } = context.locals;
  const locale = wishedLocale(context.request) ?? 'de';
  // The link says it all. No body, however odd, makes it harder to leave.
  const fields: FormFields = await readForm(context.request).catch(() => ({}));
  const oneClick = first(fields, 'List-Unsubscribe') === 'One-Click';
  const stood = oneClick ? undefined : await describeUnsubscribe(app, link, locale);
  const result = await unsubscribe(app, link, oneClick ? 'one_click' : 'page', clientOf(context));
  if (result.outcome === 'unknown_link') throw new Problem(404);
  if (stood) return stood;
  return new Response(`${translator(locale)('unsubscribe.one_click')}\n`, {
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  });
}
