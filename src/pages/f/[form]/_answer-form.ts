import { setTimeout as wait } from 'node:timers/promises';
import type { APIContext } from 'astro';
import type { Locale } from '#db/schema.ts';
import { issueMessage } from '#src/components/form-faults.ts';
import { type FormFields, first, type Issue } from '#src/forms/fields.ts';
import type { PublishedForm } from '#src/forms/form-definition.ts';
import { type Kept, parseSubmission } from '#src/forms/parse-submission.ts';
import { clientOf, webAddress } from '#src/http/client.ts';
import { sentAddress, type Walk } from '#src/http/form-address.ts';
import { isTrapped } from '#src/http/honeypot.ts';
import { inLevelTime } from '#src/http/level-time.ts';
import { isLocale, wishedLocale } from '#src/http/locale.ts';
import { problemJson, wantsJson } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { translator } from '#src/i18n/translate.ts';
import { paths } from '#src/paths.ts';
import { decoyHandle } from '#src/signups/decoy-handle.ts';
import { requestSignup } from '#src/signups/request-signup.ts';
import { fillTimeWait } from '#src/signups/shown-at.ts';
import { namedLocale } from './_walk.ts';

/** The form once more, with what was typed. */
export interface FormAnswer {
  status: 200 | 422 | 429;
  locale: Locale;
  kept: Kept;
  issues: Issue[];
  retryAfterSeconds?: number;
  switched?: boolean;
}

export async function answerForm(
  context: APIContext,
  form: PublishedForm,
  frame: Pick<Walk, 'embedded' | 'theme' | 'compact'>,
): Promise<Response | FormAnswer> {
  const { request, locals } = context;
  const { app } = locals;
  const fields = await readForm(request);
  const locale = localeOf(request, form, fields);
  const accepted = (handle: string) =>
    wantsJson(request)
      ? Response.json({ status: 'confirmation_sent' }, { status: 202 })
      : seeOther(sentAddress(form.key, handle, { ...frame, lang: namedLocale(request, form, locale) }));
  const again = (answer: Omit<FormAnswer, 'locale'>) =>
    wantsJson(request) ? asProblem(answer, locale) : { ...answer, locale };

  const parsed = await parseSubmission(app.db, form, fields, locale);
  const showIn = first(fields, 'show_in');
  if (isLocale(showIn)) return switchTo(showIn, fields);
  if (!parsed.ok) return again({ status: 422, issues: parsed.issues, kept: stillMeant(parsed) });
  await wait(fillTimeWait(app, first(fields, 'shown_at')));
  if (isTrapped(fields)) return accepted(decoyHandle(app, parsed.submission));
  const page = webAddress(first(fields, 'page_url')) ?? `${app.config.baseUrl}${paths.form(form.key)}`;
  const result = await inLevelTime(app, requestSignup(app, parsed.submission, clientOf(context, page)));
  if (result.outcome === 'accepted') return accepted(result.handle);
  const kept = { fields: firstOfEach(fields), consents: fields.consent ?? [] };
  return again({ status: 429, issues: [], kept, retryAfterSeconds: result.retryAfterSeconds });
}

/** The page that was sent says which language the person read. */
function localeOf(request: Request, form: PublishedForm, fields: FormFields): Locale {
  const read = first(fields, 'lang');
  return isLocale(read) ? read : (wishedLocale(request) ?? form.defaultLocale);
}

/** In the other language the boxes stand at other words, so nobody has ticked them yet. */
function switchTo(locale: Locale, fields: FormFields): FormAnswer {
  const kept = { fields: firstOfEach(fields), consents: [] };
  return { status: 200, locale, kept, issues: [], switched: (fields.consent ?? []).length > 0 };
}

/** The same goes for words that have changed since. */
function stillMeant({ kept, issues }: { kept: Kept; issues: Issue[] }): Kept {
  return issues.some((issue) => issue.field === 'form_version') ? { ...kept, consents: [] } : kept;
}

function firstOfEach(fields: FormFields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, values[0] ?? '']));
}

function asProblem(
  { status, issues, retryAfterSeconds }: Omit<FormAnswer, 'locale'>,
  locale: Locale,
): Response {
  const t = translator(locale);
  const headers = retryAfterSeconds ? { 'Retry-After': String(retryAfterSeconds) } : undefined;
  const problem = status === 429 ? ({ status, headers } as const) : ({ status: 422 } as const);
  return problemJson(
    problem,
    t(`problem.${problem.status}.title`),
    issues.map((issue) => ({
      pointer: `/${issue.field.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      code: issue.code,
      message: issueMessage(t, issue),
    })),
  );
}

function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { Location: location } });
}
