import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliverDue } from '#src/mail/deliver.ts';
import { openTransport } from '#src/mail/open-transport.ts';
import { addStaffWithLink, addStaffWithPassword, inviteStaff } from '#src/staff/add-staff.ts';
import { signIn } from '#src/staff/sign-in.ts';
import { describeStaffToken, requestPasswordReset, setPasswordByToken } from '#src/staff/staff-tokens.ts';
import { aClient, openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { mailsTo } from '#tests/support/mailbox.ts';
import { actsOf, aMember, goodPassword, signedIn } from './desk.ts';

describe.each(databases)('invitations and resets on %s', (name) => {
  let test: TestApp;
  let dir: string;
  beforeEach(async () => {
    test = await openTestApp(name);
    dir = mkdtempSync(join(tmpdir(), 'jawort-staff-'));
    test.app.config.mail = { ...test.app.config.mail, dir };
  });
  afterEach(async () => {
    await test.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const nora = { email: 'Nora@Example.org', name: 'Nora', role: 'agent', locale: 'en' } as const;
  const mailsOf = async (email: string) => {
    const transport = await openTransport(test.app.config.mail);
    await deliverDue(test.app, transport, 100);
    await transport.close();
    return mailsTo(dir, email);
  };
  const tokenIn = (text: string) => /\/staff\/password\/([\w-]{43})/.exec(text)?.[1] ?? '';

  it('mails a link that lets the invited choose a password once', async () => {
    const admin = await aMember(test.app, 'admin');
    expect(await inviteStaff(test.app, admin, nora)).toMatchObject({ outcome: 'added' });
    const [mail] = await mailsOf('nora@example.org');
    expect(mail).toMatchObject({ kind: 'staff-invitation', headers: { 'auto-submitted': 'auto-generated' } });
    expect(mail?.subject).toContain('Your access to Jawort');
    const token = tokenIn(mail?.text ?? '');
    expect(await describeStaffToken(test.app, token)).toMatchObject({ name: 'Nora', kind: 'invitation' });
    expect((await setPasswordByToken(test.app, token, goodPassword)).outcome).toBe('set');
    expect(await setPasswordByToken(test.app, token, goodPassword)).toEqual({ outcome: 'unknown_link' });
    const result = await signIn(test.app, { email: nora.email, password: goodPassword }, aClient);
    expect(result.outcome).toBe('signed_in');
  });

  it('takes the link of one of two clicks at once', async () => {
    const { url = '' } = (await addStaffWithLink(test.app, nora)) as { url?: string };
    const both = await Promise.all(
      ['four unlikely garden words', 'five other unlikely words'].map((password) =>
        setPasswordByToken(test.app, tokenIn(url), password),
      ),
    );
    expect(both.map(({ outcome }) => outcome).sort()).toEqual(['set', 'unknown_link']);
  });

  it('keeps the token out of the database and out of the kept copy of the mail', async () => {
    const { url = '' } = (await addStaffWithLink(test.app, nora)) as { url?: string };
    const admin = await aMember(test.app, 'admin');
    await inviteStaff(test.app, admin, { ...nora, email: 'second@example.org' });
    const [mail] = await mailsOf('second@example.org');
    const dump = JSON.stringify([
      await test.app.db.selectFrom('staff_tokens').selectAll().execute(),
      await test.app.db.selectFrom('mails').selectAll().execute(),
      await test.app.db.selectFrom('audit_entries').selectAll().execute(),
    ]);
    for (const token of [tokenIn(url), tokenIn(mail?.text ?? '')]) {
      expect(token).toHaveLength(43);
      expect(dump).not.toContain(token);
    }
  });

  it('refuses an address twice, and one that is none', async () => {
    await addStaffWithPassword(test.app, nora, goodPassword);
    expect(await inviteStaff(test.app, null, nora)).toEqual({ outcome: 'known' });
    expect(await inviteStaff(test.app, null, { ...nora, email: 'nora' })).toEqual({
      outcome: 'invalid_address',
    });
    expect(await addStaffWithPassword(test.app, { ...nora, email: 'b@example.org' }, 'short')).toEqual({
      outcome: 'refused',
      fault: 'too_short',
    });
  });

  it('lets only admins invite', async () => {
    const legal = await aMember(test.app, 'legal');
    await expect(inviteStaff(test.app, legal, nora)).rejects.toThrow(/may not/);
  });

  it('mails a reset to who works here, and nothing to anybody else', async () => {
    const agent = await aMember(test.app, 'agent');
    await requestPasswordReset(test.app, agent.email, aClient);
    await requestPasswordReset(test.app, 'stranger@example.org', aClient);
    await requestPasswordReset(test.app, 'no address', aClient);
    expect(await mailsOf('stranger@example.org')).toEqual([]);
    const [mail] = await mailsOf(agent.email);
    expect(mail?.kind).toBe('staff-password-reset');
  });

  it('ends every session with the new password, and the older link with a newer one', async () => {
    const agent = await aMember(test.app, 'agent');
    await signedIn(test.app, agent.email);
    await requestPasswordReset(test.app, agent.email, aClient);
    await requestPasswordReset(test.app, agent.email, aClient);
    const [older, newer] = (await mailsOf(agent.email)).map(({ text }) => tokenIn(text));
    expect(await describeStaffToken(test.app, older ?? '')).toBe(undefined);
    await setPasswordByToken(test.app, newer ?? '', 'six other quiet garden words');
    expect(await test.app.db.selectFrom('staff_sessions').selectAll().execute()).toEqual([]);
    expect(await actsOf(test.app, `staff:${agent.id}`)).toContain('account.password_set');
  });

  it('lets a reset work for two hours and an invitation for seven days', async () => {
    const agent = await aMember(test.app, 'agent');
    const { url = '' } = (await addStaffWithLink(test.app, nora)) as { url?: string };
    await requestPasswordReset(test.app, agent.email, aClient);
    const [reset] = await mailsOf(agent.email);
    test.pass({ minutes: 121 });
    expect(await describeStaffToken(test.app, tokenIn(reset?.text ?? ''))).toBe(undefined);
    expect(await describeStaffToken(test.app, tokenIn(url))).toBeDefined();
    test.pass({ days: 7 });
    expect(await describeStaffToken(test.app, tokenIn(url))).toBe(undefined);
  });

  it('mails three resets an hour and no more', async () => {
    test.app.config.limits = true;
    const agent = await aMember(test.app, 'agent');
    for (let time = 0; time < 5; time += 1) await requestPasswordReset(test.app, agent.email, aClient);
    expect(await mailsOf(agent.email)).toHaveLength(3);
  });
});
