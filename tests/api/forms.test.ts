import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findCounter } from '#src/forms/browser/work.ts';
import { closeForm, setProofOfWork } from '#src/forms/manage-form.ts';
import { startTest } from '#src/forms/test-mode.ts';
import type { Challenge } from '#src/limits/proof-of-work.ts';
import type { Actor } from '#src/staff/actor.ts';
import { aMember } from '#tests/staff/desk.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { mailKindsTo, permissionsOf } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const site = 'http://localhost:8080';
const anonymous = { Authorization: '', Origin: site };

interface Form {
  form_version: string;
  consents: { value: string; text: string; text_version: string; sha256: string }[];
  [part: string]: unknown;
}

describe.each(databases)('a headless form on %s', (name) => {
  let test: TestApi;
  let form: Form;

  beforeEach(async () => {
    test = await openTestApi(name);
    form = (await test.call('/forms/newsletter?lang=en', undefined, anonymous)).body as unknown as Form;
  });
  afterEach(() => test.close());

  const submission = (more: object = {}) => ({
    form_version: form.form_version,
    lang: 'en',
    email: 'alice@example.org',
    consents: form.consents.slice(0, 1).map(({ value, sha256 }) => ({ value, sha256 })),
    page_url: `${site}/join`,
    ...more,
  });

  it('shows everything that has to be on the page', () => {
    expect(form).toMatchObject({
      form: 'newsletter',
      lang: 'en',
      controller: { name: 'Muster Werkzeuge GmbH', privacy_url: expect.stringContaining('http') },
      fields: [{ name: 'email', required: true, label: 'E-mail address' }],
      notice: expect.stringContaining('withdraw'),
    });
    expect(form.consents[0]).toMatchObject({
      value: 'product-news:email',
      text: expect.stringContaining('Muster Werkzeuge GmbH'),
      text_version: 'product-news/email/en@1.0',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('sends the confirmation mail, and the answer lets its own site read it', async () => {
    const answer = await test.call('/forms/newsletter/signups', submission(), anonymous);
    expect(answer).toMatchObject({ status: 202, body: { status: 'confirmation_sent' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(site);
    expect(await mailKindsTo(test.app, 'alice@example.org')).toEqual(['confirm-signup']);
    expect(await permissionsOf(test.app, 'alice@example.org')).toEqual({ 'product-news:email': 'pending' });
  });

  it('answers 409 to other words, and 422 to faults, with the field', async () => {
    const other = [{ value: 'product-news:email', sha256: 'a'.repeat(64) }];
    const wrong = await test.call('/forms/newsletter/signups', submission({ consents: other }), anonymous);
    expect(wrong).toMatchObject({ status: 409, body: { errors: [{ pointer: '/consents/0/sha256' }] } });
    const german = await test.call('/forms/newsletter/signups', submission({ lang: 'de' }), anonymous);
    expect(german.status).toBe(409);
    const empty = await test.call(
      '/forms/newsletter/signups',
      submission({ email: 'x', consents: [] }),
      anonymous,
    );
    expect(empty).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/consents' }, { pointer: '/email', code: 'invalid' }] },
    });
    expect(empty.headers.get('access-control-allow-origin')).toBe(site);
  });

  it('is for its own sites, and for servers, which send no Origin', async () => {
    const foreign = { Authorization: '', Origin: 'https://elsewhere.example' };
    expect((await test.call('/forms/newsletter', undefined, foreign)).status).toBe(403);
    expect((await test.call('/forms/newsletter/signups', submission(), foreign)).status).toBe(403);
    expect((await test.call('/forms/newsletter/signups', submission(), { Authorization: '' })).status).toBe(
      202,
    );
    expect((await test.call('/forms/nothing', undefined, anonymous)).status).toBe(404);
    const preflight = await fetch(`${test.url}/api/v1/forms/newsletter/signups`, {
      method: 'OPTIONS',
      headers: { Origin: site, 'Access-Control-Request-Method': 'POST' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Content-Type');
  });
});

describe('how a headless form is run', () => {
  let test: TestApi;
  let marketer: Actor;
  beforeEach(async () => {
    test = await openTestApi('sqlite', { limits: true });
    marketer = await aMember(test.app, 'marketing');
    vi.useFakeTimers({ toFake: ['Date'] }).setSystemTime(test.app.now());
  });
  afterEach(async () => {
    vi.useRealTimers();
    await test.close();
  });

  const show = async () => (await test.call('/forms/newsletter?lang=en', undefined, anonymous)).body;
  const send = async (form: Form, altcha?: string) =>
    test.call(
      '/forms/newsletter/signups',
      {
        form_version: form.form_version,
        lang: 'en',
        email: 'alice@example.org',
        consents: form.consents.slice(0, 1).map(({ value, sha256 }) => ({ value, sha256 })),
        altcha,
        shown_at: form.shown_at,
      },
      anonymous,
    );

  it('tells the challenge where the form asks for a proof of work, and takes its proof once', async () => {
    expect(await show()).not.toHaveProperty('altcha');
    await setProofOfWork(test.app, marketer, 'newsletter', true);
    const form = (await show()) as unknown as Form & { altcha: Challenge };
    // Nobody is so quick to fill it in.
    test.pass({ minutes: 1 });
    const solution = findCounter(form.altcha.parameters);
    const proof = btoa(JSON.stringify({ challenge: form.altcha, solution }));
    expect((await send(form, proof)).status).toBe(202);
    const refused = { status: 422, body: { errors: [{ pointer: '/altcha', code: 'proof_refused' }] } };
    expect(await send(form, proof)).toMatchObject(refused);
    expect(await send(form, 'rubbish')).toMatchObject(refused);
    for (let number = 0; number < 4; number += 1) expect((await send(form)).status).toBe(202);
    expect((await send(form)).status).toBe(429);
    test.app.config.limits = false;
    expect(await show()).not.toHaveProperty('altcha');
  });

  it('says with 410 why a form is closed, in the language asked for, and that one is being tested', async () => {
    const form = (await show()) as unknown as Form;
    await startTest(test.app, marketer, 'newsletter', ['tess@example.org']);
    expect(await show()).toMatchObject({ test: true });
    await closeForm(test.app, marketer, 'newsletter', { de: 'Bald wieder.', en: 'Back soon.' });
    expect(await show()).toMatchObject({ status: 410, detail: 'Back soon.' });
    expect(await send(form)).toMatchObject({ status: 410, body: { detail: 'Back soon.' } });
  });
});
