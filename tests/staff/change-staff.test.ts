import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditedStaff, historyOf, readAudit, recordAudit } from '#src/staff/audit.ts';
import { changeStaff, listStaff, sendNewLink } from '#src/staff/change-staff.ts';
import { changesBetween } from '#src/staff/changes.ts';
import { changeOwnPassword, endOwnSession } from '#src/staff/own-account.ts';
import { passwordFault } from '#src/staff/passwords.ts';
import { requireRecentPassword } from '#src/staff/recent-password.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { actsOf, aMember, goodPassword, signedIn } from './desk.ts';

describe.each(databases)('administering staff on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  it('changes role and name, and writes down both', async () => {
    const [admin, agent] = [await aMember(test.app, 'admin'), await aMember(test.app, 'agent')];
    await changeStaff(test.app, admin, agent.id, { role: 'marketing' });
    await changeStaff(test.app, admin, agent.id, { role: 'marketing' });
    await changeStaff(test.app, admin, agent.id, { name: 'Anna' });
    const found = (await listStaff(test.app, admin)).find(({ id }) => id === agent.id);
    expect(found).toMatchObject({ role: 'marketing', name: 'Anna', state: 'active' });
    const history = await historyOf(test.app.db, `staff:${agent.id}`);
    expect(history.map(({ details }) => JSON.parse(details))).toEqual([
      { name: { from: 'agent', to: 'Anna' } },
      { role: { from: 'agent', to: 'marketing' } },
    ]);
  });

  it('takes effect in sessions that are open', async () => {
    const [admin, legal] = [await aMember(test.app, 'admin'), await aMember(test.app, 'legal')];
    await signedIn(test.app, legal.email);
    await changeStaff(test.app, admin, legal.id, { role: 'auditor' });
    expect((await signedIn(test.app, legal.email)).actor.role).toBe('auditor');
  });

  it('keeps one active admin, even when two demote each other at once', async () => {
    const [one, two] = [
      await aMember(test.app, 'admin', 'one@example.org'),
      await aMember(test.app, 'admin', 'two@example.org'),
    ];
    const results = await Promise.all([
      changeStaff(test.app, one, two.id, { role: 'agent' }),
      changeStaff(test.app, two, one.id, { disabled: true }),
    ]);
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['changed', 'last_admin']);
    const admins = (await listStaff(test.app, one)).filter(
      ({ role, state }) => role === 'admin' && state === 'active',
    );
    expect(admins).toHaveLength(1);
  });

  it('sends a new link to who is there and not closed', async () => {
    const [admin, agent] = [await aMember(test.app, 'admin'), await aMember(test.app, 'agent')];
    expect(await sendNewLink(test.app, admin, agent.id)).toEqual({ outcome: 'sent' });
    await changeStaff(test.app, admin, agent.id, { disabled: true });
    expect(await sendNewLink(test.app, admin, agent.id)).toEqual({ outcome: 'unknown' });
    await expect(sendNewLink(test.app, agent, admin.id)).rejects.toThrow(/may not/);
  });

  it('asks for the password again after ten minutes', async () => {
    const legal = await aMember(test.app, 'legal');
    const open = await signedIn(test.app, legal.email);
    const ask = (typed?: string) => requireRecentPassword(test.app, open, typed);
    expect(await ask()).toEqual({ outcome: 'recent' });
    test.pass({ minutes: 11 });
    expect(await ask()).toEqual({ outcome: 'needed' });
    expect(await ask('wrong password')).toEqual({ outcome: 'wrong' });
    expect(await ask(goodPassword)).toEqual({ outcome: 'recent' });
  });

  it('changes the own password against the old one, and ends every other session', async () => {
    const legal = await aMember(test.app, 'legal');
    const [here, there] = [await signedIn(test.app, legal.email), await signedIn(test.app, legal.email)];
    const wished = 'six other quiet garden words';
    const change = (current: string, next = wished) =>
      changeOwnPassword(test.app, here, { current, wished: next });
    expect(await change('wrong password')).toEqual({ outcome: 'wrong' });
    expect(await change(goodPassword, 'legal-legal-legal')).toMatchObject({ outcome: 'refused' });
    expect(await change(goodPassword)).toEqual({ outcome: 'changed' });
    const left = await test.app.db.selectFrom('staff_sessions').select('id').execute();
    expect(left).toEqual([{ id: here.session.id }]);
    await endOwnSession(test.app, legal, there.session.id);
    expect(await actsOf(test.app, `staff:${legal.id}`)).not.toContain('account.session_ended');
  });

  it("ends nobody else's session", async () => {
    const [legal, agent] = [await aMember(test.app, 'legal'), await aMember(test.app, 'agent')];
    const other = await signedIn(test.app, agent.email);
    await endOwnSession(test.app, legal, other.session.id);
    expect(await test.app.db.selectFrom('staff_sessions').select('id').execute()).toHaveLength(1);
  });
});

describe.each(databases)('the audit trail on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  const record = (act: string, subject: string) =>
    test.app.db
      .transaction()
      .execute((tx) => recordAudit(tx, test.app.now().toISOString(), null, act, subject));

  it('is never changed and never shortened, whoever asks the database', async () => {
    await record('purpose.changed', 'purpose:a');
    const { db } = test.app;
    await expect(db.updateTable('audit_entries').set({ act: 'nothing' }).execute()).rejects.toThrow(/never/);
    await expect(db.deleteFrom('audit_entries').execute()).rejects.toThrow(/never/);
  });

  it('is read page by page, newest first', async () => {
    const auditor = await aMember(test.app, 'auditor');
    for (let number = 0; number < 5; number += 1) await record('purpose.changed', `purpose:${number}`);
    const first = await readAudit(test.app.db, auditor, {}, 2);
    expect(first.entries.map(({ subject }) => subject)).toEqual(['purpose:4', 'purpose:3']);
    const second = await readAudit(test.app.db, auditor, { before: first.olderThan }, 4);
    expect(second.entries.map(({ subject }) => subject)).toEqual(['purpose:2', 'purpose:1', 'purpose:0']);
    expect(second.olderThan).toBe(undefined);
  });

  it('is filtered by who, what, on what and when', async () => {
    const auditor = await aMember(test.app, 'auditor');
    const { id } = (await signedIn(test.app, auditor.email)).actor;
    await record('purpose.changed', 'purpose:news');
    test.pass({ days: 1 });
    await record('text.approved', 'text:news/email/de');
    await record('text.approved', 'text:100%_safe');
    const subjects = async (filter: Parameters<typeof readAudit>[2]) =>
      (await readAudit(test.app.db, auditor, filter)).entries.map(({ subject }) => subject);
    expect(await subjects({ staffId: id })).toEqual([`staff:${id}`]);
    expect(await subjects({ act: 'purpose.changed' })).toEqual(['purpose:news']);
    expect(await subjects({ subject: 'text:' })).toEqual(['text:100%_safe', 'text:news/email/de']);
    expect(await subjects({ subject: 'text:100%_' })).toEqual(['text:100%_safe']);
    expect(await subjects({ to: '2026-11-03T00:00:00.000Z', subject: 'purpose' })).toHaveLength(1);
    expect(await subjects({ from: '2026-11-03T00:00:00.000Z' })).toHaveLength(2);
  });

  it('is for admins and auditors', async () => {
    const legal = await aMember(test.app, 'legal');
    await expect(readAudit(test.app.db, legal)).rejects.toThrow(/may not/);
    await expect(auditedStaff(test.app.db, legal)).rejects.toThrow(/may not/);
  });
});

describe('passwordFault', () => {
  it.each([
    ['four unlikely garden words', undefined],
    ['Ein ganz normaler Satz.', undefined],
    ['elevenchars', 'too_short'],
    ['x'.repeat(201), 'too_long'],
    ['password1234', 'too_common'],
    ['Passwort!2026', 'too_common'],
    ['123456789012', 'too_common'],
    ['aaaaaaaaaaaaaaaa', 'too_common'],
    ['qwertzuiop12345', 'too_common'],
    ['Sommer-Sommer-2026', 'too_common'],
    ['lena.legal2026', 'like_the_address'],
    ['2026-11-23-17-04-55', undefined],
  ])('says of "%s": %s', (password, fault) => {
    expect(passwordFault(password, 'lena.legal@example.org')).toBe(fault);
  });
});

describe('changesBetween', () => {
  it('names what differs, inside records and in whole lists', () => {
    const before = { a: 1, titles: { de: 'x', en: 'y' }, list: ['a'], gone: true };
    const after = { a: 1, titles: { de: 'x', en: 'z' }, list: ['a', 'b'], come: 0 };
    expect(changesBetween(before, after)).toEqual({
      'titles.en': { from: 'y', to: 'z' },
      list: { from: ['a'], to: ['a', 'b'] },
      gone: { from: true, to: null },
      come: { from: null, to: 0 },
    });
  });
});
