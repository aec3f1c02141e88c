import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { formFaults, issueMessage } from '#src/components/form-faults.ts';
import { type FormFields, first, type Issue } from '#src/forms/fields.ts';
import { formLocale, type PublishedForm } from '#src/forms/form-definition.ts';
import { isClosed } from '#src/forms/form-switches.ts';
import { openKiosk } from '#src/forms/kiosks.ts';
import { type Kept, parseSubmission, type Submission } from '#src/forms/parse-submission.ts';
import { type Again, againWith, redirect, show, tooMany } from '#src/http/action-result.ts';
import { allowFraming } from '#src/http/allow-framing.ts';
import { clientOf, httpUrl } from '#src/http/client.ts';
import { type Frame, sentAddress } from '#src/http/form-address.ts';
import { frameOf, namedLocale } from '#src/http/frame.ts';
import { isHoneypotFilled } from '#src/http/honeypot.ts';
import { wishedLocale } from '#src/http/locale.ts';
import { padResponseTime } from '#src/http/pad-response-time.ts';
import { problemJson, wantsJson } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import type { RequestLike } from '#src/http/request-like.ts';
import { requireForm } from '#src/http/require-form.ts';
import { isLocale } from '#src/i18n/locales.ts';
import { translator } from '#src/i18n/translate.ts';
import type { Client } from '#src/limits/client.ts';
import { noProof, readProof } from '#src/limits/proof-of-work.ts';
import { paths } from '#src/routes.ts';
import { decoyHandle } from '#src/signups/decoy-handle.ts';
import { type Arrival, requestSignup } from '#src/signups/request-signup.ts';
import { lookAhead, type SeenMailbox } from '#src/signups/seen-mailbox.ts';
import { fillTimeWait } from '#src/signups/shown-at.ts';
import { limitsFor } from '#src/signups/signup-allowance.ts';
import type { Action, ActionContext } from './action.ts';

/** The form once more, with what was typed. */
interface FormAgain {
  locale: Locale;
  kept: Kept;
  /** The boxes are empty, because their words are in another language now. */
  switched?: boolean;
}

/** Its schema is the form that was published: `forms/parse-submission.ts`. */
export const submitForm: Action<FormAgain | undefined> = {
  async run(context) {
    const { locals, url, request, params } = context;
    const { app } = locals;
    // The form is looked up while the body comes in, and the mailbox as soon as it is named.
    const reading = readForm(request);
    const looking = reading.then((fields) => lookAhead(app, first(fields, 'email') ?? ''));
    // Awaited below; until then a rejection has to have a handler.
    looking.catch(() => undefined);
    const form = await requireForm(app, params.form);
    const frame = frameOf(url);
    if (frame.embedded) allowFraming(locals, form);
    // Its page says so.
    if (isClosed(form, app.now())) return show(undefined);
    return submit(context, form, frame, { fields: await reading, seen: await looking });
  },
};

async function submit(
  context: ActionContext,
  form: PublishedForm,
  frame: Frame,
  { fields, seen }: { fields: FormFields; seen: SeenMailbox | undefined },
): Promise<Response | Again<FormAgain>> {
  const { request, locals } = context;
  const { app } = locals;
  const locale = localeOf(request, form, fields);
  const parsed = await parseSubmission(app.db, form, fields, locale);
  const showIn = first(fields, 'show_in');
  if (isLocale(showIn)) return switchTo(showIn, fields);
  if (!parsed.ok) return showFaults(request, locale, parsed);
  const accepted = (handle: string) =>
    wantsJson(request)
      ? Response.json({ status: 'confirmation_sent' }, { status: 202 })
      : redirect(
          sentAddress(form.key, handleFor(frame, handle), {
            ...frame,
            lang: namedLocale(request, form, locale),
          }),
        );
  const proof = await readProof(app, form.key, first(fields, 'altcha'));
  const pass = frame.kiosk?.pass;
  const kiosk = pass && (await openKiosk(app, form.id, pass));
  const { minimumFillSeconds } = limitsFor(form, { proof, kiosk });
  const early = fillTimeWait(app, first(fields, 'shown_at'), minimumFillSeconds);
  if (early > 0) await wait(early);
  if (isHoneypotFilled(fields)) return accepted(decoyHandle(app, parsed.submission));
  const page = httpUrl(first(fields, 'page_url')) ?? `${app.config.baseUrl}${paths.form(form.key)}`;
  const client = clientOf(context, page);
  const arrival = { proof, kiosk, submissionId: first(fields, 'submission_id'), seen };
  const result = await padResponseTime(app, submitOnce(app, parsed.submission, client, arrival));
  if (result.outcome !== 'accepted') return showLimit(request, locale, fields, result.retryAfterSeconds);
  app.sightings.submitted(form, page);
  return accepted(result.handle);
}

/** A proof of work that was used before counts as none: its sender may be a person who went back, and is not refused. */
async function submitOnce(app: App, submission: Submission, client: Client, arrival: Arrival) {
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
function localeOf(request: RequestLike, form: PublishedForm, fields: FormFields): Locale {
  const read = first(fields, 'lang');
  return formLocale(form, isLocale(read) ? read : wishedLocale(request));
}

/** In the other language the words at the boxes are others, so nobody has ticked them yet. */
function switchTo(locale: Locale, fields: FormFields): Again<FormAgain> {
  const kept = { fields: firstOfEach(fields), consents: [] };
  return show({ locale, kept, switched: (fields.consent ?? []).length > 0 });
}

function showFaults(
  request: RequestLike,
  locale: Locale,
  { issues, kept }: { issues: Issue[]; kept: Kept },
): Response | Again<FormAgain> {
  const t = translator(locale);
  if (wantsJson(request)) {
    const problems = issues.map((issue) => ({
      pointer: `/${issue.field.replaceAll('~', '~0').replaceAll('/', '~1')}`,
      code: issue.code,
      message: issueMessage(t, issue),
    }));
    return problemJson({ status: 422 }, t('problem.422.title'), problems);
  }
  // Words that have changed since are words that nobody has ticked.
  const isOutdated = issues.some((issue) => issue.field === 'form_version');
  return againWith(formFaults(t, issues), { locale, kept: isOutdated ? { ...kept, consents: [] } : kept });
}

function showLimit(
  request: RequestLike,
  locale: Locale,
  fields: FormFields,
  retryAfterSeconds: number,
): Response | Again<FormAgain> {
  const t = translator(locale);
  if (wantsJson(request)) {
    const headers = { 'Retry-After': String(retryAfterSeconds) };
    return problemJson({ status: 429, headers }, t('problem.429.title'));
  }
  const message = t('error.too_many', { minutes: Math.ceil(retryAfterSeconds / 60) });
  const kept = { fields: firstOfEach(fields), consents: fields.consent ?? [] };
  return tooMany([{ field: 'form', href: '#submit', message }], retryAfterSeconds, { locale, kept });
}

function firstOfEach(fields: FormFields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, values[0] ?? '']));
}
