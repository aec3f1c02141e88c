import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endingSoon, waitingWork } from '#src/desk/my-work.ts';
import { makeKey } from '#src/exchange/manage-keys.ts';
import { fileAtDesk } from '#src/exchange/release-import.ts';
import { runImport } from '#src/exchange/run-import.ts';
import { raiseAlarm } from '#src/forms/form-alarms.ts';
import { newId } from '#src/ids/new-id.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import type { Actor } from '#src/staff/actor.ts';
import { inReview, lena, lukas } from '#tests/consent-texts/desk.ts';
import { aMember } from '#tests/staff/desk.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const head =
  'contact_point,channel,purpose,text_version,captured_at,captured_by,source,proof_ref,confirmed_at';
const row =
  'a@example.org,email,product-news,product-news/email/de@1.0,2026-10-01,CRM,old CRM,p-1,2026-10-01';

describe.each(databases)('my work on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  const workOf = async (actor: Actor) =>
    Object.fromEntries((await waitingWork(test.app, actor)).map((item) => [item.name, item.count]));
  const member = (role: Actor['role']) => aMember(test.app, role);

  it('is nothing in a house where nothing waits, and never anything for an auditor', async () => {
    for (const role of ['admin', 'legal', 'marketing', 'agent', 'auditor'] as const) {
      expect(await workOf(await member(role)), role).toEqual({});
    }
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    await test.app.db.updateTable('mails').set({ state: 'failed' }).execute();
    expect(await workOf(await aMember(test.app, 'auditor', 'second@example.org'))).toEqual({});
  });

  it('shows a text in review to everyone but its author', async () => {
    await inReview(test.app);
    expect(await workOf(lena)).toEqual({});
    expect(await workOf(lukas)).toEqual({ text_reviews: 1 });
    expect(await workOf(await member('marketing'))).toEqual({});
  });

  it('shows an import to whoever may release it, but not to who filed it', async () => {
    const [agent, legal] = [await member('agent'), await member('legal')];
    const id = newId();
    await fileAtDesk(test.app, legal, { id, name: 'list.csv', file: Buffer.from(`${head}\n${row}`) });
    await runImport(test.app, id);
    expect(await workOf(legal)).toEqual({});
    expect(await workOf(agent)).toEqual({});
    expect(await workOf(await member('admin'))).toEqual({ imports: 1 });
  });

  it('shows an import whose columns are to be matched to who filed it alone', async () => {
    const [agent, legal] = [await member('agent'), await member('legal')];
    await fileAtDesk(test.app, agent, {
      id: newId(),
      name: 'crm.csv',
      file: Buffer.from('Mail\na@example.org'),
    });
    expect(await workOf(agent)).toEqual({ own_imports: 1 });
    expect(await workOf(legal)).toEqual({});
  });

  it('shows a powerful key to whoever may approve it, but not to who made it', async () => {
    const [admin, legal] = [await member('admin'), await member('legal')];
    await makeKey(test.app, admin, { name: 'plain', scopes: ['read'] });
    await makeKey(test.app, admin, { name: 'powerful', scopes: ['read', 'admin'] });
    expect(await workOf(legal)).toEqual({ keys: 1 });
    expect(await workOf(admin)).toEqual({});
  });

  it('counts mails that were given up, alarms of forms and letters, for who does something about them', async () => {
    const { app } = test;
    await signUp(app, 'alice@example.org', ['product-news:email']);
    await app.db.updateTable('mails').set({ state: 'failed' }).execute();
    const form = await app.db
      .selectFrom('forms')
      .select('id')
      .where('key', '=', 'fair')
      .executeTakeFirstOrThrow();
    await raiseAlarm(app.db, form.id, app.now(), { signups: 900, hourly_mean: 3 });
    expect(await workOf(await member('agent'))).toEqual({ failed_mails: 1 });
    expect(await workOf(await member('marketing'))).toEqual({ alarms: 1 });
    expect(await workOf(await member('admin'))).toEqual({ alarms: 1, failed_mails: 1 });
  });

  it('looks thirty days ahead for permissions that end', async () => {
    const { app } = test;
    await signUp(app, 'alice@example.org', ['product-news:email']);
    await confirmSignup(app, await newestToken(app, 'alice@example.org'), aClient);
    const agent = await member('agent');
    const end = (days: number) =>
      app.db
        .updateTable('permissions')
        .set({ valid_until: new Date(app.now().getTime() + days * 86_400_000).toISOString() })
        .execute();
    await end(31);
    expect(await endingSoon(app, agent)).toEqual([]);
    await end(29);
    expect(await endingSoon(app, agent)).toMatchObject([{ name: 'ending_permissions', count: 1 }]);
    expect(await endingSoon(app, await member('auditor'))).toEqual([]);
  });
});
