import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { Locale } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { issueMessage } from '#src/components/form-faults.ts';
import { type FormFields, first, type Issue } from '#src/forms/fields.ts';
import { formLocale, type PublishedForm } from '#src/forms/form-definition.ts';
import { openKiosk } from '#src/forms/kiosks.ts';
import { type Kept, parseSubmission, type Submission } from '#src/forms/parse-submission.ts';
import type { Asked } from '#src/http/asked.ts';
import { clientOf, webAddress } from '#src/http/client.ts';
import { type Frame, sentAddress } from '#src/http/form-address.ts';
import { namedLocale } from '#src/http/frame.ts';
import { isTrapped } from '#src/http/honeypot.ts';
import { inLevelTime } from '#src/http/level-time.ts';
import { isLocale, wishedLocale } from '#src/http/locale.ts';
import { problemJson, wantsJson } from '#src/http/problem.ts';
import { seeOther } from '#src/http/see-other.ts';
import { translator } from '#src/i18n/translate.ts';
import type { Client } from '#src/limits/client.ts';
import { noProof, readProof } from '#src/limits/proof-of-work.ts';
import { paths } from '#src/routes.ts';
import { decoyHandle } from '#src/signups/decoy-handle.ts';
import { type Arrival, requestSignup } from '#src/signups/request-signup.ts';
import type { SeenMailbox } from '#src/signups/seen-mailbox.ts';
import { fillTimeWait } from '#src/signups/shown-at.ts';
import { limitsFor } from '#src/signups/signup-allowance.ts';
import type { ActContext } from './action-context.ts';

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
  context: ActContext,
  form: PublishedForm,
  frame: Frame,
  { fields, seen }: { fields: FormFields; seen: SeenMailbox | undefined },
): Promise<Response | FormAnswer> {
  const { request, locals } = context;
  const { app } = locals;
  const locale = localeOf(request, form, fields);
  const walkOf = (read: Locale) => ({ ...frame, lang: namedLocale(request, form, read) });
  const accepted = (handle: string) =>
    wantsJson(request)
      ? Response.json({ status: 'confirmation_sent' }, { status: 202 })
      : seeOther(sentAddress(form.key, handleFor(frame, handle), walkOf(locale)));
  const again = (answer: Omit<FormAnswer, 'locale'>) =>
    wantsJson(request) ? asProblem(answer, locale) : { ...answer, locale };

  const parsed = await parseSubmission(app.db, form, fields, locale);
  const showIn = first(fields, 'show_in');
  if (isLocale(showIn)) return switchTo(showIn, fields);
  if (!parsed.ok) return again({ status: 422, issues: parsed.issues, kept: stillMeant(parsed) });
  const proof = await readProof(app, form.key, first(fields, 'altcha'));
  const pass = frame.kiosk?.pass;
  const kiosk = pass && (await openKiosk(app, form.id, pass));
  const { minimumFillSeconds } = limitsFor(form, { proof, kiosk });
  const early = fillTimeWait(app, first(fields, 'shown_at'), minimumFillSeconds);
  if (early > 0) await wait(early);
  if (isTrapped(fields)) return accepted(decoyHandle(app, parsed.submission));
  const page = webAddress(first(fields, 'page_url')) ?? `${app.config.baseUrl}${paths.form(form.key)}`;
  const client = clientOf(context, page);
  const arrival = { proof, kiosk, submissionId: first(fields, 'submission_id'), seen };
  const result = await inLevelTime(app, takeIn(app, parsed.submission, client, arrival));
  if (result.outcome === 'accepted') {
    app.sightings.submitted(form, page);
    return accepted(result.handle);
  }
  const kept = { fields: firstOfEach(fields), consents: fields.consent ?? [] };
  return again({ status: 429, issues: [], kept, retryAfterSeconds: result.retryAfterSeconds });
}

/** A proof that was used before proves nothing. Its sender may be a person who went back, and is not sent away. */
async function takeIn(app: App, submission: Submission, client: Client, arrival: Arrival) {
  const result = await requestSignup(app, submission, client, arrival);
  if (result.outcome !== 'proof_used') return result;
  const unproved = await requestSignup(app, submission, client, { ...arrival, proof: noProof });
  assert(unproved.outcome !== 'proof_used', 'no proof was used before');
  return unproved;
}

/** The next person at the stand is not shown what the one before has typed. */
function handleFor(frame: Frame, handle: string): string {
  return frame.kiosk ? '' : handle;
}

/** The page that was sent says which language the person read. */
function localeOf(request: Asked, form: PublishedForm, fields: FormFields): Locale {
  const read = first(fields, 'lang');
  return formLocale(form, isLocale(read) ? read : wishedLocale(request));
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
