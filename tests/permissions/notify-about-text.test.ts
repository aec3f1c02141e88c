import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invalidateVersion } from '#src/consent-texts/invalidate-version.ts';
import { exportAffected } from '#src/exchange/export-affected.ts';
import { stopText } from '#src/forms/stop-text.ts';
import { resolveRecipients } from '#src/mail/addressed-mail.ts';
import { renderMails } from '#src/mail/render-mails.ts';
import { affectedForms, affectedGroups, affectedPeople } from '#src/permissions/affected-by-text.ts';
import { type Capture, captureSchema } from '#src/permissions/capture.ts';
import { captureConsent } from '#src/permissions/capture-consent.ts';
import { findNotice, sendTextNotices, startTextNotices } from '#src/permissions/notify-about-text.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import type { Actor } from '#src/staff/actor.ts';
import { lena, liveVersion, lukas, mara, newsDe, version } from '#tests/consent-texts/desk.ts';
import { aClient, mailKindsTo, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const alice = 'alice@example.org';
const bob = 'bob@example.org';
const carol = 'carol@example.org';
const admin: Actor = { ...lena, id: 'staff-ada', name: 'Ada Admin', role: 'admin' };

describe.each(databases)('those affected by an invalid text on %s', (name) => {
  let test: TestApp;
  let textId: string;
  beforeEach(async () => {
    test = await openTestApp(name);
    textId = (await liveVersion(test.app, newsDe)).id;
    await saysYes(alice, ['product-news:email'], { source: 'spring' });
    test.pass({ days: 1 });
    await saysYes(bob, ['product-news:email'], {}, 'fair');
    await saysYes(carol, ['event-invitations:email']);
  });
  afterEach(async () => test.close());

  async function saysYes(email: string, consents: string[], more = {}, form = 'newsletter') {
    await signUp(test.app, email, consents, form, more);
    await confirmSignup(test.app, await newestToken(test.app, email), aClient);
  }
  const endText = async () => {
    await stopText(test.app, lukas, textId, 'Wird geprüft.');
    await invalidateVersion(test.app, lena, textId, 'Urteil vom 1. November.');
  };
  const newestMail = async () => {
    const { app } = test;
    const rows = await app.db.selectFrom('mails').selectAll().orderBy('id', 'desc').limit(1).execute();
    const rendered = await renderMails(app, await resolveRecipients(app.db, app.keys, rows), app.now());
    return [...rendered.values()][0];
  };
  const textOf = async (lines: AsyncIterable<string>) => {
    let text = '';
    for await (const line of lines) text += line;
    return text;
  };

  it('are listed by day, source and form', async () => {
    const { app } = test;
    await endText();
    expect(await affectedGroups(app.db, textId)).toEqual([
      { day: '2026-11-03', origin: 'confirmation', form: 'fair', source: null, consents: 1 },
      { day: '2026-11-02', origin: 'confirmation', form: 'newsletter', source: 'spring', consents: 1 },
    ]);
    expect(await affectedForms(app.db, await version(app, textId))).toEqual([
      { key: 'fair', versions: [1], consents: 1, paused: true, current: false },
      { key: 'newsletter', versions: [1], consents: 1, paused: true, current: false },
    ]);
    const people = await affectedPeople(app, textId, '', 50);
    expect(people.map(({ contactPoint }) => contactPoint)).toEqual([alice, bob]);
    expect(await affectedPeople(app, textId, people[0]?.permissionId ?? '', 50)).toEqual(people.slice(1));
  });

  it('are taken as a file, masked unless addresses may be taken, and it is written down who did', async () => {
    const { app } = test;
    const masked = await textOf(await exportAffected(app, lukas, await version(app, textId)));
    const lines = masked.trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(
      /^per_.+,cpt_.+,email,al.+@example\.org,product-news\/email\/de@1\.0,2026-11-02T/,
    );
    expect(lines[1]).toMatch(/,confirmation,newsletter,spring$/);
    expect(masked).not.toContain(alice);
    expect(await textOf(await exportAffected(app, admin, await version(app, textId)))).toContain(alice);
    await expect(exportAffected(app, mara, await version(app, textId))).rejects.toThrow();
    const trail = await app.db.selectFrom('audit_entries').select(['staff_name', 'act']).execute();
    expect(trail.filter(({ act }) => act === 'text.affected_exported')).toHaveLength(2);
  });

  it('are told once, what is true, when a second person has declared it invalid', async () => {
    const { app } = test;
    expect(await startTextNotices(app, lukas, textId)).toEqual({ outcome: 'not_invalid' });
    await endText();
    await expect(startTextNotices(app, mara, textId)).rejects.toThrow();
    expect(await startTextNotices(app, lukas, textId)).toEqual({ outcome: 'telling' });
    expect(await startTextNotices(app, lena, textId)).toEqual({ outcome: 'already_told' });
    const before = (await mailKindsTo(app, carol)).length;
    const rounds = await Promise.all([sendTextNotices(app), sendTextNotices(app)]);
    expect(rounds.reduce((sum, { mails }) => sum + mails, 0)).toBe(2);
    expect(await sendTextNotices(app)).toEqual({ notices: 0, people: 0, mails: 0, letters: 0 });
    expect((await findNotice(app.db, textId))?.mails).toBe(2);
    expect((await findNotice(app.db, textId))?.finished_at).not.toBeNull();
    for (const email of [alice, bob]) {
      expect(await mailKindsTo(app, email)).toEqual([
        'confirm-signup',
        'permissions-changed',
        'permissions-changed',
      ]);
    }
    expect(await mailKindsTo(app, carol)).toHaveLength(before);
    const mail = await newestMail();
    expect(mail?.subject).toMatch(/^Ihre Einwilligung bei .+ zählt nicht mehr$/);
    const text = mail?.text.replace(/\s+/g, ' ');
    expect(text).toContain('Der Wortlaut, dem Sie zugestimmt haben, war nicht in Ordnung');
    expect(text).toContain('Nein, der Wortlaut war nicht in Ordnung');
    expect(text).not.toContain('abgelaufen');
  });

  it('get a letter where no mailbox is known', async () => {
    const { app } = test;
    const post = await liveVersion(app, { purpose: 'product-news', channel: 'post', locale: 'de' });
    const person = {
      given_name: 'Greta',
      family_name: 'Beispiel',
      street: 'Musterstraße 5',
      postal_code: '10115',
      city: 'Berlin',
      country: 'DE',
    };
    const card: Capture = captureSchema.parse({
      contact_point: 'Greta Beispiel, Musterstraße 5, 10115 Berlin',
      channel: 'post',
      purpose: 'product-news',
      audience: 'consumer',
      basis: 'consent',
      text_version: 'product-news/post/de@1.0',
      method: 'paper',
      captured_at: '2026-11-03T08:00:00.000Z',
      captured_by: 'Ari',
      person,
      evidence: { signed_at: '2026-11-03T08:00:00.000Z', place: 'Hanau', scan_sha256: 'a'.repeat(64) },
    });
    const by = { origin: 'api', actor: 'key' } as const;
    const captured = await app.db.transaction().execute((tx) => captureConsent(tx, app, card, by));
    expect(captured.outcome, JSON.stringify(captured)).toBe('captured');
    await stopText(app, lukas, post.id, 'Wird geprüft.');
    await invalidateVersion(app, lena, post.id, 'Urteil vom 1. November.');
    await startTextNotices(app, lukas, post.id);
    expect(await sendTextNotices(app)).toMatchObject({ people: 1, mails: 0, letters: 1 });
    const letters = await app.db.selectFrom('letters').select('state').execute();
    expect(letters.every(({ state }) => state === 'waiting')).toBe(true);
    expect(letters).not.toHaveLength(0);
  });

  it('are nobody where nobody agreed to it', async () => {
    const { app } = test;
    const fax = await liveVersion(app, { purpose: 'price-list', channel: 'fax', locale: 'de' });
    await stopText(app, lukas, fax.id, 'Wird geprüft.');
    await invalidateVersion(app, lena, fax.id, 'Urteil vom 1. November.');
    await startTextNotices(app, lukas, fax.id);
    expect(await sendTextNotices(app)).toMatchObject({ people: 0, mails: 0, letters: 0 });
    expect((await findNotice(app.db, fax.id))?.finished_at).not.toBeNull();
    expect(await affectedGroups(app.db, fax.id)).toEqual([]);
    expect(await affectedPeople(app, fax.id, '', 50)).toEqual([]);
  });

  it('read it in English where they read English', async () => {
    const { app } = test;
    await endText();
    await app.db.updateTable('people').set({ locale: 'en' }).execute();
    await startTextNotices(app, lukas, textId);
    await sendTextNotices(app);
    const mail = await newestMail();
    expect(mail?.subject).toMatch(/^Your consent with .+ no longer counts$/);
    expect(mail?.text.replace(/\s+/g, ' ')).toContain('No, the wording was not right');
  });
});
