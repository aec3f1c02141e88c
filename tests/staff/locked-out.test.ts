/** What somebody who guesses at a password does to the people who know theirs: nothing. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countHits } from '#src/limits/count-hits.ts';
import type { Actor } from '#src/staff/actor.ts';
import { passwordAttempts } from '#src/staff/attempts.ts';
import { requireRecentPassword } from '#src/staff/recent-password.ts';
import { type OpenSession, openSession } from '#src/staff/sessions.ts';
import { type SignInResult, signIn, signInSecondStep } from '#src/staff/sign-in.ts';
import { createStaffToken, requestPasswordReset, setPasswordByToken } from '#src/staff/staff-tokens.ts';
import { confirmTwoFactor, describeTwoFactor, prepareTwoFactor } from '#src/staff/two-factor.ts';
import { aClient, openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { codeAt } from '#tests/support/totp.ts';
import { aMember, cookieOf, goodPassword, signedIn } from './desk.ts';

const office = '192.0.2.7';
const elsewhere = '203.0.113.50';

describe.each(databases)('somebody who guesses, on %s', (name) => {
  let test: TestApp;
  let legal: Actor;
  beforeEach(async () => {
    test = await openTestApp(name, { limits: true });
    legal = await aMember(test.app, 'legal');
  });
  afterEach(() => test.close());

  const attempt = (password: string, address: string, cookies: string | null = null, email = legal.email) =>
    signIn(test.app, { email, password }, { ...aClient, address, cookies });

  /** Nine from each of six networks: 54 wrong passwords, counted without the time that each takes. */
  async function attack(): Promise<void> {
    const unknown = { browser: undefined, network: false };
    await test.app.db.transaction().execute(async (tx) => {
      for (let index = 0; index < 54; index += 1) {
        const ways = passwordAttempts(legal.email, `198.51.${index % 6}.0/24`, unknown);
        for (const { limits } of ways) await countHits(tx, test.app.keys, limits, test.app.now());
      }
    });
  }

  const browserOf = (result: SignInResult) =>
    'browserCookie' in result ? cookieOf(result.browserCookie) : '';

  it('does not lock out a browser that has signed in before, in any network', async () => {
    const browser = browserOf(await attempt(goodPassword, office));
    const all = Array.from({ length: 54 }, (_, index) => attempt('wrong password', `198.51.${index % 6}.1`));
    const outcomes = (await Promise.all(all)).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'locked')).toHaveLength(4);
    expect((await attempt(goodPassword, elsewhere, browser)).outcome).toBe('signed_in');
    expect((await attempt(goodPassword, elsewhere, `theme=%E4; ${browser}`)).outcome).toBe('signed_in');
    expect((await attempt(goodPassword, '198.51.1.1', browser)).outcome).toBe('signed_in');
  });

  it('does not lock out a network from which somebody has signed in before, without any cookie', async () => {
    await attempt(goodPassword, office);
    await attack();
    expect((await attempt(goodPassword, office)).outcome).toBe('signed_in');
    expect((await attempt(goodPassword, '192.0.2.200')).outcome).toBe('signed_in');
  });

  it('locks out whoever is known from nowhere, so that guessing stays as slow as it was', async () => {
    await attempt(goodPassword, office);
    await attack();
    expect(await attempt(goodPassword, elsewhere)).toMatchObject({ outcome: 'locked' });
  });

  it('gets no further with a cookie that is forged, of another account or too old', async () => {
    const agent = await aMember(test.app, 'agent');
    const browser = browserOf(await attempt(goodPassword, office));
    const ofAgent = browserOf(await attempt(goodPassword, office, null, agent.email));
    await attack();
    const value = browser.split('=')[1] ?? '';
    const forged = [
      ofAgent,
      ofAgent.replace(agent.id, legal.id),
      `${browser.slice(0, -1)}${browser.endsWith('A') ? 'B' : 'A'}`,
      browser.replace(value, `z${value}`),
      browser.split('=')[0] ?? '',
      `${browser.split('=')[0]}=...`,
      `${browser.split('=')[0]}=%`,
    ];
    for (const cookies of forged) {
      expect([cookies, (await attempt(goodPassword, elsewhere, cookies)).outcome]).toEqual([
        cookies,
        'locked',
      ]);
    }
    test.pass({ days: 181 });
    await attack();
    expect((await attempt(goodPassword, elsewhere, browser)).outcome).toBe('locked');
    expect((await attempt(goodPassword, office)).outcome).toBe('locked');
  });

  it('has ten tries with a stolen cookie, and then is one of many', async () => {
    const browser = browserOf(await attempt(goodPassword, office));
    const outcomes: string[] = [];
    for (const round of [1, 2]) {
      const all = Array.from({ length: 15 }, () => attempt(`wrong ${round}`, elsewhere, browser));
      outcomes.push(...(await Promise.all(all)).map(({ outcome }) => outcome));
    }
    expect(outcomes.filter((outcome) => outcome === 'wrong')).toHaveLength(20);
    expect((await attempt(goodPassword, elsewhere, browser)).outcome).toBe('locked');
    expect((await attempt(goodPassword, office)).outcome).toBe('signed_in');
  });

  it('from the same network as everybody does not lock out who has signed in from there', async () => {
    const agent = await aMember(test.app, 'agent');
    await attempt(goodPassword, office);
    const guesses = Array.from({ length: 35 }, (_, index) =>
      attempt('wrong password', office, null, `nobody-${index}@example.org`),
    );
    await Promise.all(guesses);
    expect((await attempt(goodPassword, office)).outcome).toBe('signed_in');
    expect((await attempt(goodPassword, office, null, agent.email)).outcome).toBe('locked');
  });

  it('does not keep anybody from the password that an open session asks for', async () => {
    const open = await signedIn(test.app, legal.email);
    await attack();
    test.pass({ minutes: 11 });
    await attack();
    const again = (await openSession(test.app, null)) ?? open;
    const stale = { ...again, session: { ...again.session, password_at: '2026-11-02T08:00:00.000Z' } };
    expect(await requireRecentPassword(test.app, stale, goodPassword)).toEqual({ outcome: 'recent' });
  });

  it('does not keep anybody from the second factor', async () => {
    const open = await signedIn(test.app, legal.email);
    await prepareTwoFactor(test.app, open.actor);
    const prepared = await describeTwoFactor(test.app, open.actor);
    const secret = prepared.state === 'preparing' ? prepared.secret.base32 : '';
    const code = () => {
      test.pass({ minutes: 1 });
      return codeAt(secret, test.app.now());
    };
    await confirmTwoFactor(test.app, open.actor, code());
    const half = async (address: string, cookies: string | null = null): Promise<OpenSession> => {
      const result = await attempt(goodPassword, address, cookies);
      const opened = await openSession(test.app, 'cookie' in result ? cookieOf(result.cookie) : '');
      if (!opened) throw new Error('no session');
      return opened;
    };
    const step = async (
      session: OpenSession,
      typed: string,
      address: string,
      cookies: string | null = null,
    ) => signInSecondStep(test.app, session, typed, { ...aClient, address, cookies });
    // Somebody who knows the password, but has no phone.
    const stranger = await half('198.51.100.1');
    for (let guess = 0; guess < 6; guess += 1) await step(stranger, '000000', '198.51.100.1');
    expect((await step(await half(elsewhere), code(), elsewhere)).outcome).toBe('locked');
    const signed = await step(await half(office), code(), office);
    expect(signed.outcome).toBe('signed_in');
    const browser = 'browserCookie' in signed ? cookieOf(signed.browserCookie) : '';
    for (let guess = 0; guess < 6; guess += 1) await step(stranger, '000000', '198.51.100.1');
    expect((await step(await half(elsewhere, browser), code(), elsewhere, browser)).outcome).toBe(
      'signed_in',
    );
  });

  it('does not use up the mails with which a password is set anew', async () => {
    await attempt(goodPassword, office);
    const resets = async () =>
      (
        await test.app.db
          .selectFrom('mails')
          .select('id')
          .where('kind', '=', 'staff-password-reset')
          .execute()
      ).length;
    const ask = (address: string) => requestPasswordReset(test.app, legal.email, { ...aClient, address });
    for (let time = 0; time < 5; time += 1) await ask('198.51.100.1');
    expect(await resets()).toBe(3);
    await ask(elsewhere);
    expect(await resets()).toBe(3);
    await ask(office);
    expect(await resets()).toBe(4);
  });

  it('is passed by whoever set a new password with the link of a mail, from anywhere', async () => {
    await attack();
    const token = await test.app.db
      .transaction()
      .execute((tx) => createStaffToken(tx, test.app, legal.id, 'password_reset'));
    const set = await setPasswordByToken(test.app, token, 'six other quiet garden words');
    const browser = 'browserCookie' in set ? cookieOf(set.browserCookie) : '';
    await attack();
    expect((await attempt('six other quiet garden words', elsewhere, browser)).outcome).toBe('signed_in');
  });
});
