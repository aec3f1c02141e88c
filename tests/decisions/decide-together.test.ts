import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ContactDecision,
  type ContactQuestion,
  decideContacts,
} from '#src/decisions/decide-contacts.ts';
import { decideTogether } from '#src/decisions/decide-together.ts';
import { withdrawByAddress } from '#src/permissions/withdraw-by-address.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('deciding for many requests at once on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => test.close());

  const saysYes = async (email: string) => {
    await signUp(test.app, email, ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, email), aClient);
  };
  const withdraws = (contactPoint: string) =>
    test.app.db
      .transaction()
      .execute((tx) =>
        withdrawByAddress(tx, test.app, { contactPoint, how: 'by phone' }, { origin: 'api', actor: 'key' }),
      );
  const news: ContactQuestion = {
    purpose: 'product-news',
    channel: 'email',
    audience: 'consumer',
    jurisdiction: 'DE',
  };

  it('answers each of them as if it were alone', async () => {
    for (const email of ['yes@example.com', 'gone@example.com']) await saysYes(email);
    await withdraws('gone@example.com');
    const asked: [ContactQuestion, string[]][] = [
      [news, ['yes@example.com']],
      [news, ['gone@example.com', 'no address', 'YES@example.com']],
      [news, []],
      [
        news,
        Array.from({ length: 30 }, (_, index) => (index % 2 ? 'yes@example.com' : `p${index}@example.com`)),
      ],
      [{ ...news, purpose: 'nothing' }, ['yes@example.com']],
      [{ ...news, purpose: 'newsletter' }, ['yes@example.com']],
      [{ ...news, channel: 'phone' }, ['yes@example.com', '+4930901820']],
      [{ ...news, audience: 'business', jurisdiction: 'AT' }, ['gone@example.com']],
      ...Array.from({ length: 70 }, (_, index): [ContactQuestion, string[]] => [
        news,
        [['yes@example.com', 'gone@example.com', 'stranger@example.com'][index % 3] ?? ''],
      ]),
    ];
    const together = await Promise.all(
      asked.map(([question, addresses]) => decideTogether(test.app, question, addresses)),
    );
    for (const [index, [question, addresses]] of asked.entries()) {
      const alone = await decideContacts(test.app, test.app.db, question, addresses);
      expect(together[index]?.map(answerOf)).toEqual(alone.map(answerOf));
    }
  });

  it('reports a withdrawal to every later request, even while earlier ones are open', async () => {
    const reasons: (string | undefined)[] = [];
    for (let round = 0; round < 5; round++) {
      const email = `p${round}@example.com`;
      await saysYes(email);
      const before = Array.from({ length: 20 }, () => decideTogether(test.app, news, [email]));
      await withdraws(email);
      const [after] = await decideTogether(test.app, news, [email]);
      reasons.push(after?.decision.reason);
      await Promise.all(before);
    }
    expect(reasons).toEqual(Array.from({ length: 5 }, () => 'withdrawn'));
  });

  it('looks up once for the first request, and once for all that wait', async () => {
    const looked: string[][] = [];
    const counting = test.app.db.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => result,
    });
    const app = { ...test.app, db: counting };
    const execute = counting.executeQuery.bind(counting);
    counting.executeQuery = (query, ...rest) => {
      const { sql, parameters } = 'sql' in query ? query : query.compile();
      if (sql.includes('lookup_hash') && sql.includes('link_generation')) looked.push(parameters as string[]);
      return execute(query, ...rest);
    };
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => decideTogether(app, news, [`p${index}@example.com`])),
    );
    expect(looked).toHaveLength(2);
  });
});

function answerOf({ contactPoint, decision, found, purposeId }: ContactDecision) {
  return { contactPoint, decision, found: found.contactPoint, text: found.text, purposeId };
}
