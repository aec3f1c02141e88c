/** A no that another system holds comes in with its file, and nobody overlooks one. */
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLedger } from '#src/ledger/verify.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { aClient, mailKindsTo, newestToken, permissionsOf, signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const common = {
  channel: '=email',
  purpose: '=product-news',
  text_version: '=product-news/email/de@1.0',
  captured_by: '=Move 2026',
};
const mailchimp = {
  ...common,
  contact_point: 'Email Address',
  given_name: 'First Name',
  family_name: 'Last Name',
  captured_at: 'OPTIN_TIME',
  confirmed_at: 'CONFIRM_TIME',
  source: '=Mailchimp',
  proof_ref: 'EUID',
};
const rapidmail = {
  ...common,
  contact_point: 'email',
  given_name: 'firstname',
  family_name: 'lastname',
  captured_at: 'created',
  confirmed_at: 'activated',
  source: '=rapidmail',
  proof_ref: '=Export 2026-11-20',
};
const said = { state: 'status', state_at: 'deleted' };
const meanings = { active: 'yes', new: 'pending', deleted: 'withdrawn' };

const fileOf = (name: string) => readFile(new URL(`../exchange/files/${name}.csv`, import.meta.url), 'utf8');

describe.each(databases)('states in a file on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  const send = (file: string, mapping: object, query = '') =>
    test.call(`/imports?mapping=${encodeURIComponent(JSON.stringify(mapping))}${query}`, file, {
      'Content-Type': 'text/csv',
    });
  const decide = async (email: string, at?: string, purpose = 'product-news') => {
    const question = { purpose, channel: 'email', contact_points: [email], ...(at && { at }) };
    const { body } = await test.call('/decisions', question);
    const [decision] = body.decisions as { allowed: boolean; reason: string; state: string }[];
    return decision;
  };
  const events = async () => (await test.app.db.selectFrom('events').selectAll().execute()).length;

  /** Somebody who confirmed here at this moment. */
  async function confirmedAt(email: string, at: string) {
    const app = { ...test.app, now: () => new Date(at) };
    await signUp(app, email, ['product-news:email']);
    await confirmSignup(app, await newestToken(app, email), aClient);
  }

  it('stop the file until somebody says what they mean', async () => {
    const file = await fileOf('mailchimp-unsubscribed');
    for (const query of ['', '&dry_run=1']) {
      expect(await send(file, mailchimp, query)).toMatchObject({
        status: 422,
        body: { errors: [{ code: 'state_unanswered', names: ['UNSUB_TIME', 'UNSUB_REASON'] }] },
      });
    }
    // A yes said of all rows answers for none of these columns.
    expect((await send(file, { ...mailchimp, state: '=yes' })).status).toBe(422);
    expect(await send(await fileOf('mailchimp-cleaned'), mailchimp)).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'state_unanswered', names: ['CLEAN_TIME'] }] },
    });
    expect(await send(await fileOf('rapidmail-status'), rapidmail)).toMatchObject({
      body: { errors: [{ code: 'state_unanswered', names: ['status', 'deleted'] }] },
    });
    const half = { ...rapidmail, ...said, states: { active: 'yes', new: 'pending' } };
    expect(await send(await fileOf('rapidmail-status'), half)).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'state_unanswered', names: ['status'], values: ['deleted'] }] },
    });
    expect(await events()).toBe(0);
    expect((await test.call('/imports')).body).toMatchObject({ data: [] });
  });

  it('withdraw what is older, and leave a later yes that was confirmed here', async () => {
    const { app } = test;
    await confirmedAt('fritz.exempel@example.org', '2026-04-01T09:00:00.000Z');
    await confirmedAt('greta.probe@example.org', '2026-09-01T09:00:00.000Z');
    const mapping = { ...mailchimp, state: '=withdrawn', state_at: 'UNSUB_TIME' };
    const file = await fileOf('mailchimp-unsubscribed');
    const counts = { rows: 4, usable: 0, unusable: 0, withdrawn: 3, older: 1, refused: 0 };
    expect(await send(file, mapping, '&dry_run=1')).toMatchObject({ status: 200, body: counts });
    expect(await send(file, mapping)).toMatchObject({
      status: 201,
      body: { ...counts, lines: expect.arrayContaining([{ line: 4, outcome: 'older', why: null }]) },
    });
    for (const email of ['ella.beispiel', 'fritz.exempel', 'hanna.muster']) {
      expect(await decide(`${email}@example.org`)).toMatchObject({ allowed: false, reason: 'withdrawn' });
    }
    expect(await decide('greta.probe@example.org')).toMatchObject({ reason: 'consent_active' });
    const since = await app.db.selectFrom('permissions').select('since').orderBy('since').execute();
    expect(since.map((row) => row.since)).toContain('2026-05-20T09:30:00.000Z');
    expect(await mailKindsTo(app, 'fritz.exempel@example.org')).toEqual([
      'confirm-signup',
      'permissions-changed',
      'permissions-changed',
    ]);
    expect(await mailKindsTo(app, 'ella.beispiel@example.org')).toEqual([]);
    const told = await app.db
      .selectFrom('events')
      .select(['kind', 'origin'])
      .where('origin', '=', 'import')
      .execute();
    expect(told).toEqual(Array(3).fill({ kind: 'withdrawn', origin: 'import' }));

    // The same file once more changes nothing, and a yes that the old system claims lifts no no.
    expect((await send(file, mapping)).body).toMatchObject({ withdrawn: 0, unchanged: 3, older: 1 });
    const again = { ...mailchimp, ignore: ['UNSUB_TIME', 'UNSUB_REASON'] };
    const claims = file.replaceAll('2026-02-1', '2026-10-1');
    expect((await send(claims.split('\n').slice(0, 3).join('\n'), again)).body).toMatchObject({
      unusable: 2,
      short_of: { withdrawn: 2 },
    });
    expect((await send(file.split('\n').slice(0, 3).join('\n'), again)).body).toMatchObject({ older: 2 });
  });

  it('block mailboxes that bounced or complained, for all purposes and without an event', async () => {
    await confirmedAt('jan.exempel@example.org', '2026-02-01T09:00:00.000Z');
    const before = await events();
    const file = await fileOf('mailchimp-cleaned');
    const mapping = { ...mailchimp, state: '=bounced', state_at: 'CLEAN_TIME' };
    expect((await send(file, mapping)).body).toMatchObject({ rows: 2, bounced: 2, refused: 0 });
    for (const email of ['ida.beispiel@example.org', 'jan.exempel@example.org']) {
      for (const purpose of ['product-news', 'event-invitations']) {
        expect(await decide(email, undefined, purpose)).toMatchObject({ reason: 'suppressed_bounce' });
      }
    }
    expect(await events()).toBe(before);
    expect((await send(file, { ...mapping, state: '=complained' })).body).toMatchObject({ complained: 2 });
    expect(await decide('ida.beispiel@example.org')).toMatchObject({ reason: 'suppressed_complaint' });
  });

  it('stand in a column, with the meaning of each value', async () => {
    const mapping = { ...rapidmail, ...said, states: meanings };
    expect((await send(await fileOf('rapidmail-status'), mapping)).body).toMatchObject({
      rows: 3,
      usable: 1,
      unusable: 1,
      withdrawn: 1,
      short_of: { channel_not_verified: 1 },
    });
    expect(await decide('karl.muster@example.org')).toMatchObject({ reason: 'consent_active' });
    expect(await decide('lena.probe@example.org')).toMatchObject({ reason: 'channel_not_verified' });
    expect(await decide('max.beispiel@example.org')).toMatchObject({ reason: 'withdrawn' });
    expect(await mailKindsTo(test.app, 'lena.probe@example.org')).toEqual([]);
  });

  it('say a no of several columns, whose hardest counts, and leave rows out', async () => {
    const file =
      'Mail;Newsletter;Abmeldedatum;Bounce\n' +
      'a@example.org;Nein;;\n' +
      'b@example.org; JA ;2026-05-02;\n' +
      'c@example.org;ja;;550 user unknown\n' +
      'd@example.org;unklar;;\n' +
      'e@example.org;;;\n';
    const states = {
      Newsletter: { ja: 'nothing', nein: 'no', '*': 'leave_out' },
      Abmeldedatum: { '*': 'withdrawn' },
      Bounce: { '*': 'bounced' },
    };
    const mapping = { ...common, contact_point: 'Mail', states, state_at: 'Abmeldedatum' };
    const { body } = await send(file, mapping, '&dry_run=1');
    expect(body).toMatchObject({ rows: 5, no: 1, withdrawn: 1, bounced: 1, left_out: 1, refused: 1 });
    expect(body.lines).toContainEqual({
      line: 6,
      outcome: 'refused',
      why: 'captured_at: This field is required.',
    });
    const full = { ...mapping, captured_at: '=2026-04-01', source: '=shop' };
    expect((await send(file.replace('e@example.org;;;\n', ''), full)).body).toMatchObject({ no: 1 });
    expect(await decide('a@example.org')).toMatchObject({ reason: 'refused' });
  });

  it('are found by the values of a column whose name says nothing', async () => {
    const file = 'Mail;Gruppe\na@example.org;Gold\nb@example.org; Abgemeldet\n';
    const mapping = { ...common, contact_point: 'Mail', captured_at: '=2026-04-01', source: '=shop' };
    expect(await send(file, mapping)).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'state_unanswered', names: ['Gruppe'], values: ['Abgemeldet'] }] },
    });
    expect((await send(file, { ...mapping, ignore: ['Gruppe'] })).body).toMatchObject({ unusable: 2 });
    const typed =
      'contact_point,channel,purpose,state,state_at\na@example.org,email,product-news,withdrawn,2026-05-01\n';
    const own = await test.call('/imports?dry_run=1', typed, { 'Content-Type': 'text/csv' });
    expect(own.body).toMatchObject({ rows: 1, older: 0, withdrawn: 1 });
  });

  it('count the stricter of two rows about the same, once', async () => {
    const file =
      'Mail;Status;At\na@example.org;yes;\nA@example.org;withdrawn;2026-05-01\na@example.org;withdrawn;2026-05-01\n' +
      'b@example.org;withdrawn;2027-01-01\n';
    const mapping = {
      ...common,
      contact_point: 'Mail',
      state: 'Status',
      state_at: 'At',
      captured_at: '=2026-04-01',
      source: '=shop',
    };
    const { body } = await send(file, mapping, '&dry_run=1');
    expect(body).toMatchObject({ rows: 4, withdrawn: 1, folded: 2, refused: 1 });
    expect(body.lines).toContainEqual({
      line: 5,
      outcome: 'refused',
      why: 'state_at: This has not happened yet.',
    });
  });

  it('end a purpose on its own, or everything where no purpose is named', async () => {
    await signUp(test.app, 'alice@example.org', ['product-news:email', 'event-invitations:email']);
    await confirmSignup(test.app, await newestToken(test.app, 'alice@example.org'), aClient);
    test.pass({ days: 1 });
    const file = 'Mail\nalice@example.org\nnobody@example.org\n';
    const mapping = { contact_point: 'Mail', channel: '=email', state: '=no' };
    expect((await send(file, mapping)).body).toMatchObject({ rows: 2, no: 2 });
    expect(await permissionsOf(test.app, 'alice@example.org')).toEqual({
      'product-news:email': 'refused',
      'event-invitations:email': 'refused',
    });
    expect(await decide('nobody@example.org')).toMatchObject({ reason: 'suppressed_objection' });
  });
});
