import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '#src/staff/actor.ts';
import { openSession } from '#src/staff/sessions.ts';
import { signIn, signInSecondStep } from '#src/staff/sign-in.ts';
import {
  confirmTwoFactor,
  describeTwoFactor,
  needsTwoFactor,
  prepareTwoFactor,
  removeTwoFactor,
  replaceRecoveryCodes,
} from '#src/staff/two-factor.ts';
import { aClient, openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { codeAt } from '#tests/support/totp.ts';
import { actsOf, aMember, cookieOf, goodPassword } from './desk.ts';

describe.each(databases)('the second step on %s', (name) => {
  let test: TestApp;
  let legal: Actor;
  let secret: string;
  beforeEach(async () => {
    test = await openTestApp(name, { limits: true });
    legal = await aMember(test.app, 'legal');
    await prepareTwoFactor(test.app, legal);
    const prepared = await describeTwoFactor(test.app, legal);
    secret = prepared.state === 'preparing' ? prepared.secret.base32 : '';
  });
  afterEach(() => test.close());

  const code = (shift = 0) => codeAt(secret, new Date(test.app.now().getTime() + shift * 30_000));
  const switchOn = async () => {
    expect(await confirmTwoFactor(test.app, legal, code())).toEqual({ outcome: 'confirmed' });
    const on = await describeTwoFactor(test.app, legal);
    test.pass({ minutes: 1 });
    return on.state === 'on' ? (on.freshCodes ?? []) : [];
  };
  const halfWay = async () => {
    const result = await signIn(test.app, { email: legal.email, password: goodPassword }, aClient);
    expect(result.outcome).toBe('code_needed');
    return 'cookie' in result ? cookieOf(result.cookie) : '';
  };
  const half = async (cookie: string) => {
    const open = await openSession(test.app, cookie);
    if (!open) throw new Error('no session');
    return open;
  };
  const second = async (cookie: string, typed: string) =>
    signInSecondStep(test.app, await half(cookie), typed, aClient);

  it('asks for a code, and gives another session for a right one', async () => {
    await switchOn();
    const cookie = await halfWay();
    expect((await openSession(test.app, cookie))?.session.waits_for_code).toBe(1);
    const result = await second(cookie, code());
    expect(result.outcome).toBe('signed_in');
    const full = 'cookie' in result ? cookieOf(result.cookie) : '';
    expect((await openSession(test.app, full))?.session.waits_for_code).toBe(0);
    expect(await openSession(test.app, cookie)).toBe(undefined);
  });

  it('forgives a clock that is thirty seconds off, and no more', async () => {
    await switchOn();
    test.pass({ minutes: 5 });
    const outcomes = [];
    for (const shift of [-2, 2, -1, 1]) outcomes.push((await second(await halfWay(), code(shift))).outcome);
    expect(outcomes).toEqual(['wrong', 'wrong', 'signed_in', 'signed_in']);
  });

  it('takes a code once, and none that is older than the last', async () => {
    await switchOn();
    const used = code();
    expect((await second(await halfWay(), used)).outcome).toBe('signed_in');
    expect((await second(await halfWay(), used)).outcome).toBe('wrong');
    expect((await second(await halfWay(), code(-1))).outcome).toBe('wrong');
  });

  it('gives one of two clicks at once', async () => {
    await switchOn();
    const cookie = await halfWay();
    // Both have opened the page before either answers, as two clicks do.
    const opened = await Promise.all([half(cookie), half(cookie)]);
    const results = await Promise.all(
      opened.map((open) => signInSecondStep(test.app, open, code(), aClient)),
    );
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['signed_in', 'wrong']);
  });

  it('opens with each of ten recovery codes once, however they are typed', async () => {
    const codes = await switchOn();
    expect(new Set(codes).size).toBe(10);
    const typed = codes[3]?.toUpperCase().replace(/(.{4})/g, '$1 ') ?? '';
    expect((await second(await halfWay(), typed)).outcome).toBe('signed_in');
    expect((await second(await halfWay(), typed)).outcome).toBe('wrong');
    expect(await describeTwoFactor(test.app, legal)).toMatchObject({ codesLeft: 9 });
  });

  it('shows the recovery codes for a quarter of an hour and keeps none of them', async () => {
    const codes = await switchOn();
    const stored = JSON.stringify(await test.app.db.selectFrom('staff_recovery_codes').selectAll().execute());
    expect(codes.filter((one) => stored.includes(one))).toEqual([]);
    test.pass({ minutes: 15 });
    expect(await describeTwoFactor(test.app, legal)).toMatchObject({ freshCodes: undefined });
  });

  it('makes old recovery codes worthless with new ones', async () => {
    const [old = ''] = await switchOn();
    await replaceRecoveryCodes(test.app, legal);
    expect((await second(await halfWay(), old)).outcome).toBe('wrong');
  });

  it('keeps the secret encrypted, and does not change it while it is in use', async () => {
    await switchOn();
    await prepareTwoFactor(test.app, legal);
    const row = await test.app.db.selectFrom('staff').selectAll().executeTakeFirstOrThrow();
    expect(row.totp_secret_enc).not.toContain(secret);
    expect((await second(await halfWay(), code())).outcome).toBe('signed_in');
  });

  it('stops guessing after five codes', async () => {
    await switchOn();
    const cookie = await halfWay();
    const answers = await Promise.all(Array.from({ length: 7 }, () => second(cookie, '000000')));
    expect(answers.filter(({ outcome }) => outcome === 'locked')).toHaveLength(2);
    expect((await second(cookie, code())).outcome).toBe('locked');
  });

  it('gives the second step ten minutes', async () => {
    await switchOn();
    const cookie = await halfWay();
    test.pass({ minutes: 11 });
    expect(await openSession(test.app, cookie)).toBe(undefined);
  });

  it('does not switch on with a wrong code', async () => {
    expect(await confirmTwoFactor(test.app, legal, '000000')).toEqual({ outcome: 'wrong_code' });
    expect(await describeTwoFactor(test.app, legal)).toMatchObject({ state: 'preparing' });
  });

  it('is taken off by its owner or an admin, and by nobody else', async () => {
    await switchOn();
    const [agent, admin] = [await aMember(test.app, 'agent'), await aMember(test.app, 'admin')];
    await expect(removeTwoFactor(test.app, agent, legal.id)).rejects.toThrow(/may not/);
    await removeTwoFactor(test.app, admin, legal.id);
    expect((await describeTwoFactor(test.app, legal)).state).toBe('off');
    expect(await actsOf(test.app, `staff:${legal.id}`)).toEqual([
      'account.two_factor_on',
      'account.two_factor_off',
    ]);
  });

  it('is required of admin and legal in production only', () => {
    const production = { ...test.app, config: { ...test.app.config, production: true } };
    const required = (['admin', 'legal', 'marketing', 'agent', 'auditor'] as const).filter((role) =>
      needsTwoFactor(production, role),
    );
    expect(required).toEqual(['admin', 'legal']);
    expect(needsTwoFactor(test.app, 'admin')).toBe(false);
  });
});
