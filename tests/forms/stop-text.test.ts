import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invalidateVersion } from '#src/consent-texts/invalidate-version.ts';
import { scheduleVersion } from '#src/consent-texts/schedule-version.ts';
import { textsOnDate } from '#src/consent-texts/texts-on-date.ts';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { tryRows } from '#src/exchange/try-rows.ts';
import { choosableBoxes } from '#src/forms/choosable-boxes.ts';
import { findForm } from '#src/forms/find-form.ts';
import type { FormVersion } from '#src/forms/form-definition.ts';
import { loadDraft } from '#src/forms/form-draft.ts';
import { closeForm, reopenForm } from '#src/forms/manage-form.ts';
import { publishDraft } from '#src/forms/publish-draft.ts';
import { publishDueTexts } from '#src/forms/publish-due-texts.ts';
import { dropStoppedBoxes } from '#src/forms/republish-form.ts';
import { formsShowing, resumeText, retireText, stopText } from '#src/forms/stop-text.ts';
import { verifyLedger } from '#src/ledger/verify.ts';
import { manageLink } from '#src/links/signed-link.ts';
import { lookupHash } from '#src/people/contact-points.ts';
import { changePreferences } from '#src/permissions/change-preferences.ts';
import { describePreferences } from '#src/permissions/describe-preferences.ts';
import { loadUsedTexts } from '#src/permissions/look-up-texts.ts';
import { confirmByCode } from '#src/signups/confirm-by-code.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { describeSignup } from '#src/signups/describe-signup.ts';
import { rejectSignup } from '#src/signups/reject-signup.ts';
import { resendByHandle } from '#src/signups/resend-confirmation.ts';
import {
  approved,
  goodDe,
  lena,
  liveVersion,
  lukas,
  mara,
  newsDe,
  newsEn,
  version,
} from '#tests/consent-texts/desk.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { aClient, confirmationsTo, newestToken, parsed, permissionsOf, signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const alice = 'alice@example.org';
const news = 'product-news:email';
const events = 'event-invitations:email';

describe.each(databases)('a stopped text on %s', (name) => {
  let test: TestApi;
  let textId: string;
  beforeEach(async () => {
    test = await openTestApi(name);
    textId = (await liveVersion(test.app, newsDe)).id;
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  const stop = (id = textId) => stopText(test.app, lukas, id, 'Der Wortlaut wird geprüft.');
  const resume = (id = textId) => resumeText(test.app, lena, id, 'Er hält.');
  const invalidate = (id = textId) => invalidateVersion(test.app, lena, id, 'Urteil vom 1. November.');
  const boxesOf = async (form: string) =>
    (await findForm(test.app.db, form))?.version.definition.consents.map(({ value }) => value);
  const fieldsOf = async (form: string) =>
    (await findForm(test.app.db, form))?.version.definition.fields.map(({ name }) => name);
  const mayMail = async () => {
    const question = {
      purpose: 'product-news',
      channel: 'email',
      audience: 'consumer',
      jurisdiction: 'DE',
    } as const;
    return (await decideContacts(test.app, test.app.db, question, [alice]))[0]?.decision;
  };
  const aCapture = (more: object = {}) => ({
    contact_point: 'greta@example.org',
    channel: 'email',
    purpose: 'product-news',
    audience: 'consumer',
    basis: 'consent',
    text_version: 'product-news/email/de@1.0',
    method: 'paper',
    captured_at: '2026-11-02T08:00:00.000Z',
    captured_by: 'Ari',
    evidence: { signed_at: '2026-11-01T08:00:00.000Z', place: 'Hanau', scan_sha256: 'a'.repeat(64) },
    ...more,
  });
  const linkOf = async (email: string) => {
    const { app } = test;
    const point = await app.db
      .selectFrom('contact_points')
      .select('id')
      .where('lookup_hash', '=', lookupHash(app.keys, 'email', email))
      .executeTakeFirstOrThrow();
    return manageLink(app.keys, point.id, 0, app.now());
  };
  const cellOf = async (email: string) => {
    const found = await describePreferences(test.app, await linkOf(email), 'de');
    if (found.outcome !== 'found') throw new Error(found.outcome);
    return found.controllers[0]?.cells.find(({ field }) => field === `p:${news}`);
  };

  const draftOfNewsletter = async () => {
    const { app } = test;
    const forms = app.db.selectFrom('forms').select('id').where('key', '=', 'newsletter');
    return loadDraft(app.db, (await forms.executeTakeFirstOrThrow()).id);
  };

  it('leaves every form that shows it at once, and comes back to its place', async () => {
    const before = { newsletter: await boxesOf('newsletter'), fair: await boxesOf('fair') };
    expect(await stop()).toEqual({ outcome: 'stopped', forms: ['fair@2', 'newsletter@2'] });
    expect(await boxesOf('newsletter')).toEqual([events, 'partner-offers:email']);
    expect(await boxesOf('fair')).not.toContain(news);
    expect(await stop()).toEqual({ outcome: 'already_stopped' });
    expect(await resume()).toEqual({ outcome: 'resumed', forms: ['fair@3', 'newsletter@3'] });
    expect({ newsletter: await boxesOf('newsletter'), fair: await boxesOf('fair') }).toEqual(before);
    expect(await resume()).toEqual({ outcome: 'not_stopped' });
  });

  it('takes the fields along that only its box needs', async () => {
    const post = await liveVersion(test.app, { purpose: 'product-news', channel: 'post', locale: 'de' });
    const phones = await Promise.all(
      ['event-invitations', 'service-calls'].map((purpose) =>
        liveVersion(test.app, { purpose, channel: 'phone', locale: 'de' }),
      ),
    );
    const before = await fieldsOf('fair');
    for (const { id } of [post, ...phones]) await stop(id);
    expect(await fieldsOf('fair')).not.toContain('street');
    expect(await fieldsOf('fair')).not.toContain('phone');
    for (const { id } of [post, ...phones].toReversed()) await resume(id);
    expect(await fieldsOf('fair')).toEqual(before);
  });

  it('closes a form that has no other box, and opens it again', async () => {
    const { app } = test;
    const form = await app.db
      .selectFrom('forms')
      .select('id')
      .where('key', '=', 'newsletter')
      .executeTakeFirstOrThrow();
    const { draft } = await loadDraft(app.db, form.id);
    await publishDraft(app, { ...mara, role: 'marketing' }, 'newsletter', {
      revision: 0,
      draft: { ...draft, consents: [news] },
    });
    expect(await formsShowing(app.db, await version(app, textId))).toContainEqual(
      expect.objectContaining({ key: 'newsletter', alone: true }),
    );
    expect(await stop()).toMatchObject({ forms: ['fair@2', 'newsletter'] });
    expect((await findForm(app.db, 'newsletter'))?.closedAt).not.toBeNull();
    expect((await test.call('/forms/newsletter')).status).toBe(410);
    await resume();
    expect((await findForm(app.db, 'newsletter'))?.closedAt).toBeNull();
    expect(await boxesOf('newsletter')).toEqual([news]);
  });

  it('refuses a page that was loaded before, and says why', async () => {
    const { app } = test;
    const seen = (await findForm(app.db, 'newsletter'))?.version as FormVersion;
    const headless = { form_version: seen.id, lang: 'de', email: alice };
    const hash = seen.definition.consents.find(({ value }) => value === events)?.texts.de?.sha256;
    await stop();
    const sent = await parsed(app, 'newsletter', { email: alice, consent: [news], form_version: seen.id });
    expect(sent).toMatchObject({ ok: false, issues: [{ field: 'form_version', code: 'box_gone' }] });
    const other = await parsed(app, 'newsletter', { email: alice, consent: [events], form_version: seen.id });
    expect(other).toMatchObject({ ok: false, issues: [{ field: 'form_version', code: 'box_gone' }] });
    const current = await parsed(app, 'newsletter', { email: alice, consent: [news] });
    expect(current).toMatchObject({ ok: false, issues: [{ field: 'consent', code: 'unknown_consent' }] });
    const shown = (await test.call('/forms/newsletter?lang=de')).body as { consents: { value: string }[] };
    expect(shown.consents.map(({ value }) => value)).not.toContain(news);
    const body = { ...headless, consents: [{ value: events, sha256: hash }] };
    const answer = await test.call('/forms/newsletter/signups', body, { Authorization: '' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ errors: [{ pointer: '/form_version', code: 'box_gone' }] });
  });

  it('cannot be confirmed by a link, while the rest of its signup can', async () => {
    const { app } = test;
    await signUp(app, alice, [news, events]);
    await stop();
    const token = await newestToken(app, alice);
    const open = await describeSignup(app, token);
    expect('items' in open && open.items.map(({ notAsked }) => notAsked)).toEqual(['stopped', undefined]);
    expect(await confirmSignup(app, token, aClient)).toEqual({ outcome: 'confirmed' });
    expect(await permissionsOf(app, alice)).toEqual({ [news]: 'none', [events]: 'granted' });
    const confirmed = await describeSignup(app, token);
    expect('items' in confirmed && confirmed.items.map(({ dropped }) => dropped)).toEqual([true, false]);
    await resume();
    expect(await confirmSignup(app, token, aClient)).toEqual({ outcome: 'already_confirmed' });
    expect((await permissionsOf(app, alice))[news]).toBe('none');
  });

  it('leaves nothing to confirm by link, code or another mail where it was all that was asked', async () => {
    const { app } = test;
    const handle = await signUp(app, alice, [news]);
    const [sent] = await confirmationsTo(app, alice);
    await stop();
    expect(await confirmSignup(app, sent?.token ?? '', aClient)).toEqual({ outcome: 'no_longer_asked' });
    expect(await confirmByCode(app, handle, sent?.code ?? '', aClient)).toEqual({
      outcome: 'no_longer_asked',
    });
    await resendByHandle(app, handle);
    expect(await confirmationsTo(app, alice)).toHaveLength(1);
    expect((await permissionsOf(app, alice))[news]).toBe('pending');
    await resume();
    expect(await confirmSignup(app, sent?.token ?? '', aClient)).toEqual({ outcome: 'confirmed' });
    expect((await permissionsOf(app, alice))[news]).toBe('granted');
  });

  it('can still be answered with "that was not me"', async () => {
    const { app } = test;
    await signUp(app, alice, [news]);
    await stop();
    const token = await newestToken(app, alice);
    expect(await rejectSignup(app, token, aClient)).toEqual({ outcome: 'rejected' });
    expect((await permissionsOf(app, alice))[news]).toBe('refused');
  });

  it('is no new yes in the preference centre', async () => {
    const { app } = test;
    await signUp(app, alice, [events]);
    await confirmSignup(app, await newestToken(app, alice), aClient);
    expect((await cellOf(alice))?.canAsk).toBe(true);
    await stop();
    expect((await cellOf(alice))?.canAsk).toBe(false);
    const wanted = [{ purpose: 'product-news', channel: 'email', answer: 'yes' } as const];
    const answer = await changePreferences(app, await linkOf(alice), wanted, aClient, 'de');
    expect(answer).toEqual({ outcome: 'invalid', fields: [`p:${news}`] });
  });

  it('takes no capture, by the API, the desk or an import', async () => {
    const { app } = test;
    await stop();
    const { status, body } = await test.call('/consents', aCapture());
    expect(status).toBe(422);
    expect(body).toMatchObject({ errors: [{ pointer: '/text_version', code: 'stopped' }] });
    const choices = await loadUsedTexts(app.db, app.now().toISOString());
    expect(choices.map(({ ref }) => ref)).not.toContain('product-news/email/de@1.0');
    const values = {
      contact_point: 'hans@example.org',
      channel: 'email',
      purpose: 'product-news',
      text_version: 'product-news/email/de@1.0',
      captured_at: '2026-01-01',
      captured_by: 'CRM',
      source: 'old CRM',
      proof_ref: 'p-2',
      confirmed_at: '2026-01-01',
    };
    const refused = { outcome: 'refused', why: expect.stringContaining('This text is stopped') };
    expect(await tryRows(app, [{ line: 2, values }], 'staff')).toMatchObject([refused]);
    await resume();
    expect((await test.call('/consents', aCapture())).status).toBe(201);
  });

  it('stands in the way of a form that would be published with it', async () => {
    const { app } = test;
    const form = await app.db
      .selectFrom('forms')
      .selectAll()
      .where('key', '=', 'newsletter')
      .executeTakeFirstOrThrow();
    const { draft } = await loadDraft(app.db, form.id);
    await stop();
    const result = await publishDraft(app, mara, 'newsletter', { revision: 0, draft });
    expect(result).toMatchObject({ outcome: 'blocked' });
    const faults = result.outcome === 'blocked' ? result.described.faults : [];
    expect(faults).toMatchObject([{ field: `box-${news}`, code: 'no_words', words: { state: 'stopped' } }]);
    const [box] = await choosableBoxes(app.db, form.controller_id, 'de');
    expect(box?.words.de).toEqual({ state: 'stopped', number: '1.0' });
    expect(await boxesOf('newsletter')).not.toContain(news);
  });

  it('comes back with new words where it was paused', async () => {
    const { app } = test;
    await stop();
    await invalidate();
    const de = await approved(app, goodDe, newsDe, 'material');
    const english = (await liveVersion(app, newsEn)).wording;
    await approved(app, english.replace('This is', 'It is'), newsEn, 'material');
    expect((await scheduleVersion(app, lukas, de, 'at_once')).outcome).toBe('scheduled');
    await publishDueTexts(app);
    expect((await boxesOf('newsletter'))?.[0]).toBe(news);
    const shown = (await findForm(app.db, 'newsletter'))?.version.definition.consents[0];
    expect(shown?.texts.de?.ref).toBe('product-news/email/de@2.0');
  });

  it('stays out of a form that is opened while it is stopped, and returns to it afterwards', async () => {
    const { app } = test;
    await closeForm(app, mara, 'newsletter', null);
    await stop();
    expect(await reopenForm(app, mara, 'newsletter')).toEqual({ outcome: 'done' });
    expect(await boxesOf('newsletter')).toEqual([events, 'partner-offers:email']);
    await resume();
    expect((await boxesOf('newsletter'))?.[0]).toBe(news);
  });

  it('keeps a form closed that would open without any box', async () => {
    const { app } = test;
    const { draft } = await draftOfNewsletter();
    const only = { revision: 0, draft: { ...draft, consents: [news] } };
    await publishDraft(app, mara, 'newsletter', only);
    await closeForm(app, mara, 'newsletter', null);
    await stop();
    const reopened = await reopenForm(app, mara, 'newsletter');
    expect(reopened).toEqual({ outcome: 'words_missing', boxes: ['product-news/email/de'] });
  });

  it('goes on counting for who agreed to it, until a second person makes it invalid', async () => {
    const { app } = test;
    await signUp(app, alice, [news]);
    await confirmSignup(app, await newestToken(app, alice), aClient);
    await stop();
    expect((await mayMail())?.allowed).toBe(true);
    test.pass({ minutes: 1 });
    expect(await invalidateVersion(app, lukas, textId, 'Allein.')).toEqual({ outcome: 'own_stop' });
    expect((await mayMail())?.allowed).toBe(true);
    expect(await invalidate()).toEqual({ outcome: 'invalidated' });
    expect(await mayMail()).toMatchObject({
      allowed: false,
      reason: 'evidence_incomplete',
      missing: ['text_version'],
      flags: ['text_invalid'],
    });
    expect(await cellOf(alice)).toMatchObject({ state: 'granted', textInvalid: true, lapsed: true });
    const confirmed = await describeSignup(app, await newestToken(app, alice));
    expect('items' in confirmed && confirmed.items[0]).toMatchObject({ notAsked: 'invalid', dropped: false });
  });

  it('is printed as it stood on a day', async () => {
    const { app } = test;
    const at = () => app.now().toISOString();
    const stateAt = async (when: string) => (await textsOnDate(app.db, when)).find(({ id }) => id === textId);
    const first = at();
    test.pass({ hours: 1 });
    await stop();
    const second = at();
    test.pass({ hours: 1 });
    await resume();
    const third = at();
    test.pass({ hours: 1 });
    await stop();
    test.pass({ hours: 1 });
    await invalidate();
    expect(await stateAt(first)).toMatchObject({ stopped_at: null, invalidated_at: null });
    expect(await stateAt(second)).toMatchObject({
      stopped_at: second,
      stopper: 'Lukas Legal',
      invalidated_at: null,
    });
    expect(await stateAt(third)).toMatchObject({ stopped_at: null });
    expect(await stateAt(at())).toMatchObject({ invalidated_at: at() });
  });

  it('is taken off forms that an earlier release left it on', async () => {
    const { app } = test;
    const { current_version_id: earlier } = await app.db
      .selectFrom('forms')
      .select('current_version_id')
      .where('key', '=', 'newsletter')
      .executeTakeFirstOrThrow();
    await stop();
    await app.db.deleteFrom('paused_boxes').execute();
    await app.db
      .updateTable('forms')
      .set({ current_version_id: earlier })
      .where('key', '=', 'newsletter')
      .execute();
    expect(await dropStoppedBoxes(app)).toEqual(['newsletter@3']);
    expect(await boxesOf('newsletter')).not.toContain(news);
    expect(await dropStoppedBoxes(app)).toEqual([]);
  });

  it('does not return to a form once it is retired', async () => {
    const { app } = test;
    await stop();
    expect((await retireText(app, lukas, textId, 'Nicht mehr nötig.')).outcome).toBe('retired');
    expect(await app.db.selectFrom('paused_boxes').selectAll().execute()).toEqual([]);
    expect(await boxesOf('newsletter')).toEqual([events, 'partner-offers:email']);
  });

  it('is stopped once, whoever is second, and never leaves a box behind', async () => {
    const both = await Promise.all([stop(), stopText(test.app, lena, textId, 'Ich auch.')]);
    expect(both.map(({ outcome }) => outcome).filter((outcome) => outcome === 'stopped')).toHaveLength(1);
    expect(await boxesOf('newsletter')).not.toContain(news);
    expect(await boxesOf('fair')).not.toContain(news);
  });

  it('never comes out with a form that is published at the same moment', async () => {
    const { app } = test;
    const form = await app.db
      .selectFrom('forms')
      .select('id')
      .where('key', '=', 'newsletter')
      .executeTakeFirstOrThrow();
    const { draft } = await loadDraft(app.db, form.id);
    const changed = { ...draft, consents: [events, news] };
    await Promise.all([publishDraft(app, mara, 'newsletter', { revision: 0, draft: changed }), stop()]);
    expect(await boxesOf('newsletter')).not.toContain(news);
  });
});
