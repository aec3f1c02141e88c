import { isIP } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { closedWords } from '#src/components/closed-words.ts';
import { issueMessage } from '#src/components/form-faults.ts';
import type { FormFields } from '#src/forms/fields.ts';
import { findFormVersion } from '#src/forms/find-form.ts';
import { fieldNames, formLocale, type PublishedForm } from '#src/forms/form-definition.ts';
import { isClosed } from '#src/forms/form-switches.ts';
import { parseSubmission } from '#src/forms/parse-submission.ts';
import { honeypotName } from '#src/http/honeypot.ts';
import { wishedLocale } from '#src/http/locale.ts';
import { padResponseTime } from '#src/http/pad-response-time.ts';
import type { RequestLike } from '#src/http/request-like.ts';
import { formAt } from '#src/http/require-form.ts';
import { inLocale, locales } from '#src/i18n/locales.ts';
import { translator } from '#src/i18n/translate.ts';
import type { Client } from '#src/limits/client.ts';
import { newChallenge, readProof } from '#src/limits/proof-of-work.ts';
import { requestSignup } from '#src/signups/request-signup.ts';
import { fillTimeWait, shownAt } from '#src/signups/shown-at.ts';
import { limitsFor } from '#src/signups/signup-allowance.ts';
import type { ResponseHeaders } from './answer.ts';
import { type Call, operation } from './operation.ts';
import { ApiProblem, unprocessable } from './problem.ts';

const locale = z.enum(locales);

/** The format of ALTCHA, which its solvers read. */
const challenge = z
  .object({
    parameters: z.object({
      algorithm: z.string(),
      nonce: z.string(),
      salt: z.string(),
      cost: z.number(),
      keyLength: z.number(),
      keyPrefix: z.string(),
      expiresAt: z.number().optional(),
      data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
    }),
    signature: z.string().optional(),
  })
  .meta({ id: 'AltchaChallenge' });

/** What a headless form has to show, word by word. */
export const formOperation = operation({
  id: 'showForm',
  method: 'GET',
  path: '/forms/{form}',
  scope: null,
  summary: 'What a headless form has to show. Show each text unchanged and send its hash back.',
  query: z.object({ lang: locale.optional().catch(undefined) }),
  preflight: corsOf,
  answers: {
    200: {
      description: 'The current version of the form',
      schema: z.object({
        form: z.string(),
        form_version: z.string(),
        lang: locale,
        controller: z.object({ name: z.string(), address: z.string(), privacy_url: z.string() }),
        fields: z.array(z.object({ name: z.enum(fieldNames), required: z.boolean(), label: z.string() })),
        consents: z.array(
          z.object({
            value: z.string(),
            title: z.string(),
            text: z.string(),
            text_version: z.string(),
            sha256: z.string(),
          }),
        ),
        notice: z.string(),
        shown_at: z
          .string()
          .describe(
            'When the form was requested, signed. Send it back, else people may have to wait some seconds.',
          ),
        trap: z
          .string()
          .describe(
            'A field to send empty or not at all. Put an input of this name where people do not see it.',
          ),
        altcha: challenge
          .optional()
          .describe(
            'If the form asks for a proof of work, always or while it is under attack: an ALTCHA challenge (SHA-256). Solve it once and send it back as `altcha`. Without it, tighter limits apply.',
          ),
        test: z.literal(true).optional().describe('The form is being tested: only testers get mails.'),
      }),
    },
  },
  handle: async ({ app, request, params }) => {
    const form = await openForm(app, params.form, request);
    if (request.method === 'GET') app.sightings.shown(form, null, request.headers.get('origin'));
    const { id, definition } = form.version;
    const { switches } = form;
    const lang = formLocale(form, wishedLocale(request));
    const proves = switches.proofOfWork && app.config.limits;
    const t = translator(lang);
    const body = {
      form: form.key,
      form_version: id,
      lang,
      controller: {
        name: definition.controller.legal_name,
        address: definition.controller.address,
        privacy_url: definition.controller.privacy_url,
      },
      fields: definition.fields.map(({ name, required }) => ({ name, required, label: t(`field.${name}`) })),
      consents: definition.consents.map(({ value, titles, texts }) => ({
        value,
        title: inLocale(titles, lang),
        text: inLocale(texts, lang).wording,
        text_version: inLocale(texts, lang).ref,
        sha256: inLocale(texts, lang).sha256,
      })),
      notice: inLocale(definition.words, lang).notice,
      shown_at: shownAt(app),
      trap: honeypotName,
      ...(proves && { altcha: await newChallenge(app, form.key) }),
      ...(switches.testing && { test: true as const }),
    };
    return { status: 200, body };
  },
});

const field = z.string().max(1000).optional();
const submission = z.strictObject({
  form_version: z.string().max(100),
  lang: locale,
  ...(Object.fromEntries(fieldNames.map((name) => [name, field])) as Record<
    (typeof fieldNames)[number],
    typeof field
  >),
  consents: z.array(z.strictObject({ value: z.string().max(200), sha256: z.string().max(100) })).max(100),
  page_url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional(),
  source: field,
  altcha: z.string().max(4000).optional().describe('The proof of work: base64 of {challenge, solution}'),
  shown_at: z.string().max(100).optional().describe('As the form gave it'),
  [honeypotName]: z.string().max(1000).optional().describe('The `trap` of the form: no person fills it in.'),
  visitor_ip: z
    .string()
    .max(100)
    .optional()
    .describe(
      'With a key of the scope `signup`: the address of the visitor, whose limits apply instead of those of the calling server. Ignored without such a key.',
    ),
});
type SentSubmission = z.infer<typeof submission>;

export const signupOperation = operation({
  id: 'submitForm',
  method: 'POST',
  path: '/forms/{form}/signups',
  scope: null,
  optionalScope: 'signup',
  summary: 'Asks for a signup. The answer is the same whether or not the address is known.',
  body: submission,
  once: true,
  preflight: corsOf,
  answers: {
    202: {
      description: 'Accepted. If a confirmation mail may go to the address, it is on its way.',
      schema: z.object({ status: z.literal('confirmation_sent') }),
    },
  },
  handle: async ({ app, request, body, params, client, key }) => {
    const vouched = key.scopes.has('signup');
    const visitor = visitorOf(client, vouched ? body.visitor_ip : undefined);
    const form = await openForm(app, params.form, request, body.lang);
    await compareHashes(app, form, body);
    const parsed = await parseSubmission(app.db, form, fieldsOf(body), body.lang);
    if (!parsed.ok) throw problemOf(parsed.issues, body.lang);
    const proof = await readProof(app, form.key, body.altcha);
    if (proof.state === 'bad' && form.switches.proofOfWork) throw proofRefused();
    const { minimumFillSeconds } = limitsFor(form, { proof });
    // A server with a key measures the fill time of its visitors itself, and may cache our form.
    const skipsFillTime = vouched && body.shown_at === undefined;
    const early = skipsFillTime ? 0 : fillTimeWait(app, body.shown_at, minimumFillSeconds);
    if (early > 0) await wait(early);
    const page = { ...visitor, pageUrl: body.page_url ?? null };
    const trapped = (body[honeypotName] ?? '') !== '';
    const submit = async () => (trapped ? nothing : requestSignup(app, parsed.submission, page, { proof }));
    const result = await padResponseTime(app, submit());
    if (result.outcome === 'trapped') return { status: 202, body: { status: 'confirmation_sent' } };
    if (result.outcome === 'accepted') {
      app.sightings.submitted(form, page.pageUrl);
      return { status: 202, body: { status: 'confirmation_sent' } };
    }
    if (result.outcome === 'proof_used') throw proofRefused();
    throw new ApiProblem(429, 'There were too many signups from this network.', {
      headers: { 'Retry-After': String(result.retryAfterSeconds) },
    });
  },
});

/** A robot gets the same answer as everyone. */
const nothing = { outcome: 'trapped' } as const;

function visitorOf(client: Client, address: string | undefined): Client {
  if (address === undefined) return client;
  if (isIP(address) !== 0) return { ...client, address };
  throw unprocessable({
    pointer: '/visitor_ip',
    code: 'invalid',
    message: 'This is not an IPv4 or IPv6 address.',
  });
}

/** A missing proof only means tighter limits; a proof that is not valid is refused. */
function proofRefused(): ApiProblem {
  return unprocessable({
    pointer: '/altcha',
    code: 'proof_refused',
    message:
      'This proof of work is wrong, too old, for another form or already used. Request a new challenge.',
  });
}

async function openForm(
  app: App,
  key: string | undefined,
  request: RequestLike,
  lang?: Locale,
): Promise<PublishedForm> {
  const form = await formAt(app, key);
  if (!form) throw new ApiProblem(404, 'No form is published under this key.');
  if (isClosed(form, app.now())) {
    throw new ApiProblem(410, closedWords(form, formLocale(form, lang ?? wishedLocale(request))));
  }
  return form;
}

/** A request without `Origin` comes from no page in a browser, so there is nothing to allow. */
async function corsOf(app: App, request: RequestLike, params: Call['params']): Promise<ResponseHeaders> {
  const origin = request.headers.get('origin');
  if (origin === null) return { Vary: 'Origin' };
  const form = await formAt(app, params.form);
  const own = app.config.baseUrl !== '' && origin === new URL(app.config.baseUrl).origin;
  if (form && !own && !form.allowedOrigins.includes(origin)) {
    throw new ApiProblem(403, 'This site may not show this form.', { headers: { Vary: 'Origin' } });
  }
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': 'Content-Type, Idempotency-Key',
    'Access-Control-Max-Age': '600',
  };
}

/** With the hash a site says which words its visitors read. Nobody has agreed to other words. */
async function compareHashes(app: App, form: PublishedForm, sent: SentSubmission): Promise<void> {
  const id = sent.form_version;
  const version = /^[0-9a-f-]{36}$/.test(id) ? await findFormVersion(app.db, id) : undefined;
  if (version?.definition.form !== form.key) return;
  const wrong = sent.consents.flatMap(({ value, sha256 }, index) => {
    const known = version.definition.consents.find((consent) => consent.value === value);
    if (!known || known.texts[formLocale({ ...form, version }, sent.lang)]?.sha256 === sha256.toLowerCase())
      return [];
    const message = 'This is not the hash of the text in that form version and language.';
    return [{ pointer: `/consents/${index}/sha256`, code: 'other_text', message }];
  });
  if (wrong.length === 0) return;
  throw new ApiProblem(409, 'The texts that were shown are not those of this form version.', {
    errors: wrong,
  });
}

function fieldsOf(sent: SentSubmission): FormFields {
  const fields: FormFields = {
    form_version: [sent.form_version],
    consent: sent.consents.map(({ value }) => value),
  };
  for (const name of [...fieldNames, 'source' as const]) {
    const value = sent[name];
    if (value !== undefined) fields[name] = [value];
  }
  return fields;
}

function problemOf(issues: Parameters<typeof issueMessage>[1][], lang: Locale): ApiProblem {
  const t = translator(lang);
  const errors = issues.map((issue) => ({
    pointer: issue.field === 'consent' ? '/consents' : `/${issue.field}`,
    code: issue.code,
    message: issueMessage(t, issue),
  }));
  if (!issues.some(({ code }) => code === 'text_changed' || code === 'box_gone'))
    return unprocessable(...errors);
  return new ApiProblem(409, 'The texts of this form have changed. Load the form again.', { errors });
}
