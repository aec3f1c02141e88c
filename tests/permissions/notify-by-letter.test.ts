import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acceptResendEvent } from '#src/exchange/resend-event.ts';
import { deliverDue } from '#src/mail/deliver.ts';
import type { SendResult, Transport } from '#src/mail/transport.ts';
import { replaceFailedMailsByLetters } from '#src/permissions/notify-by-letter.ts';
import { withdrawByAddress } from '#src/permissions/withdraw-by-address.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const carol = 'carol@example.org';
const home = { given_name: 'Carol', family_name: 'Weiß', street: 'Rosenweg 3', postal_code: '63450' };

describe.each(databases)('what a mail could not tell, on %s', (name) => {
  let test: TestApp;
  let result: SendResult = { outcome: 'sent', providerId: 're_1', answer: 'accepted' };
  const transport: Transport = {
    name: 'test',
    batch: 10,
    asBatch: false,
    send: async (mails) => mails.map(() => result),
    close: async () => {},
  };
  beforeEach(async () => {
    result = { outcome: 'sent', providerId: 're_1', answer: 'accepted' };
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  const deliver = () => deliverDue(test.app, transport, 10);
  const letters = async () =>
    (await test.app.db.selectFrom('letters').select('state').execute()).map(({ state }) => state);
  async function carolIsIn(where: Record<string, string> = { ...home, city: 'Hanau' }): Promise<void> {
    await signUp(test.app, carol, ['product-news:email'], 'fair', where);
    await confirmSignup(test.app, await newestToken(test.app, carol), aClient);
  }
  const bounce = (email_id: string) => {
    const data = { email_id, to: [carol], bounce: { type: 'Permanent', subType: 'General' } };
    return test.app.db
      .transaction()
      .execute((tx) => acceptResendEvent(tx, test.app, { type: 'email.bounced', data }));
  };

  it('goes out on paper once the mail is given up, and only once', async () => {
    await carolIsIn();
    result = { outcome: 'refused', reason: '550 no such user' };
    await deliver();
    expect((await replaceFailedMailsByLetters(test.app)).letters).toBe(1);
    expect((await replaceFailedMailsByLetters(test.app)).letters).toBe(0);
    expect(await letters()).toEqual(['waiting']);
  });

  it('needs no paper where a later mail told how everything stands', async () => {
    await carolIsIn();
    result = { outcome: 'refused', reason: '550 no such user' };
    await deliver();
    const no = { contactPoint: carol, how: 'letter' };
    const by = { origin: 'api', actor: 'key' } as const;
    await test.app.db.transaction().execute((tx) => withdrawByAddress(tx, test.app, no, by));
    expect((await replaceFailedMailsByLetters(test.app)).letters).toBe(0);
    expect(await letters()).toEqual([]);
  });

  it('has nowhere to go without a postal address', async () => {
    await carolIsIn({ given_name: 'Carol', family_name: 'Weiß' });
    result = { outcome: 'refused', reason: '550 no such user' };
    await deliver();
    expect((await replaceFailedMailsByLetters(test.app)).letters).toBe(0);
    expect(await letters()).toEqual([]);
  });

  it('goes out on paper when the mail came back, and what changes next as well', async () => {
    await carolIsIn();
    await deliver();
    expect(await bounce('of another mail')).toBe(1);
    expect(await letters()).toEqual([]);
    await bounce('re_1');
    await bounce('re_1');
    expect(await letters()).toEqual(['waiting']);
  });
});
