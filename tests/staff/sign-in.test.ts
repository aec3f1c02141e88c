import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '#src/staff/actor.ts';
import { delayAfter } from '#src/staff/attempts.ts';
import { changeStaff } from '#src/staff/change-staff.ts';
import { openSession, sessionsOf } from '#src/staff/sessions.ts';
import { signIn, signOut } from '#src/staff/sign-in.ts';
import { aClient, openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { actsOf, aMember, cookieOf, goodPassword, signedIn } from './desk.ts';

describe.each(databases)('signIn on %s', (name) => {
  let test: TestApp;
  let legal: Actor;
  beforeEach(async () => {
    test = await openTestApp(name, { limits: true });
    legal = await aMember(test.app, 'legal');
  });
  afterEach(() => test.close());

  const attempt = (password: string, email = legal.email, address = '192.0.2.7') =>
    signIn(test.app, { email, password }, { ...aClient, address });
  const together = (count: number, make: (index: number) => ReturnType<typeof attempt>) =>
    Promise.all(Array.from({ length: count }, (_, index) => make(index)));

  it('opens a session for whoever knows the password, however the address is written', async () => {
    const result = await attempt(goodPassword, ' Legal@EXAMPLE.org ');
    expect(result.outcome).toBe('signed_in');
    const open = await openSession(test.app, 'cookie' in result ? cookieOf(result.cookie) : '');
    expect(open?.actor).toEqual(legal);
    expect(await actsOf(test.app, `staff:${legal.id}`)).toEqual(['account.signed_in']);
  });

  it('gives a cookie that scripts and foreign sites do not get', async () => {
    const result = await attempt(goodPassword);
    const cookie = 'cookie' in result ? result.cookie : '';
    expect(cookie).toMatch(/^jawort_staff=[a-z0-9]{40};/);
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
    expect(cookie).toContain('Path=/staff');
    expect(cookie).not.toContain('Secure');
    test.app.config.baseUrl = 'https://consent.example';
    const secure = await attempt(goodPassword);
    expect('cookie' in secure && secure.cookie).toContain('Secure');
  });

  it('says the same to a wrong password, an unknown address and a closed account', async () => {
    const admin = await aMember(test.app, 'admin');
    await changeStaff(test.app, admin, legal.id, { disabled: true });
    const answers = [
      await attempt('wrong password', admin.email),
      await attempt(goodPassword, 'nobody@example.org'),
      await attempt(goodPassword),
      await attempt(goodPassword, 'no address'),
    ];
    expect(answers).toEqual(answers.map(() => ({ outcome: 'wrong' })));
  });

  it('does not know a cookie that it never gave out, or that was signed out', async () => {
    expect(await openSession(test.app, 'jawort_staff=abc')).toBe(undefined);
    expect(await openSession(test.app, null)).toBe(undefined);
    const result = await attempt(goodPassword);
    const cookie = 'cookie' in result ? cookieOf(result.cookie) : '';
    const open = await openSession(test.app, cookie);
    if (open) await signOut(test.app, open);
    expect(await openSession(test.app, cookie)).toBe(undefined);
  });

  it('ends a session a day after its last use, and prolongs one in use, for a week at most', async () => {
    const result = await attempt(goodPassword);
    const cookie = 'cookie' in result ? cookieOf(result.cookie) : '';
    for (let half = 0; half < 13; half += 1) {
      test.pass({ hours: 13 });
      expect((await openSession(test.app, cookie))?.cookie, `after ${half}`).toContain(cookie);
    }
    test.pass({ hours: 25 });
    expect(await openSession(test.app, cookie)).toBe(undefined);
    const other = await attempt(goodPassword);
    test.pass({ hours: 25 });
    expect(await openSession(test.app, 'cookie' in other ? cookieOf(other.cookie) : '')).toBe(undefined);
  });

  it('forgets about sessions of an account that is closed', async () => {
    const admin = await aMember(test.app, 'admin');
    await signedIn(test.app, legal.email);
    await changeStaff(test.app, admin, legal.id, { disabled: true });
    expect(await sessionsOf(test.app, legal.id)).toEqual([]);
  });

  it('locks after ten wrong passwords at once, and a right one does not help until it is over', async () => {
    const answers = await together(14, () => attempt('wrong password'));
    expect(answers.filter(({ outcome }) => outcome === 'wrong')).toHaveLength(10);
    expect(await attempt(goodPassword)).toEqual({ outcome: 'locked', retryAfterSeconds: 900 });
    test.pass({ minutes: 16 });
    expect((await attempt(goodPassword)).outcome).toBe('signed_in');
  });

  it('locks unknown addresses in the same way', async () => {
    const answers = await together(12, () => attempt('wrong password', 'nobody@example.org'));
    expect(answers.filter(({ outcome }) => outcome === 'locked')).toHaveLength(2);
  });

  it('lets nobody be locked out by a stranger from another network', async () => {
    await together(12, () => attempt('wrong password', legal.email, '198.51.100.1'));
    expect((await attempt(goodPassword)).outcome).toBe('signed_in');
  });

  it('locks a network that tries many accounts', async () => {
    await together(30, (index) => attempt('wrong password', `somebody-${index}@example.org`));
    expect((await attempt(goodPassword)).outcome).toBe('locked');
    expect((await attempt(goodPassword, legal.email, '198.51.100.1')).outcome).toBe('signed_in');
  });

  it('does not count what was right', async () => {
    for (let time = 0; time < 40; time += 1) expect((await attempt(goodPassword)).outcome).toBe('signed_in');
  });
});

describe('the delay before an answer', () => {
  it('begins after three wrong answers and doubles up to two seconds', () => {
    expect([0, 3, 4, 5, 6, 7, 40].map(delayAfter)).toEqual([0, 0, 250, 500, 1000, 2000, 2000]);
  });
});
