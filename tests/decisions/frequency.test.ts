import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scheduleVersion } from '#src/consent-texts/schedule-version.ts';
import { decideContacts } from '#src/decisions/decide-contacts.ts';
import { promisedFrequency } from '#src/decisions/promised-frequency.ts';
import { scrub } from '#src/decisions/scrub/scrub.ts';
import { publishDueTexts } from '#src/forms/publish-due-texts.ts';
import { recordUses } from '#src/permissions/record-uses.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { approved, goodDe, lukas, newsDe, newsEn } from '#tests/consent-texts/desk.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { jawort } from '#tests/support/jawort.ts';

describe('the next period', () => {
  const next = (words: string, at: string) => promisedFrequency(words)?.nextPeriod(at);

  it.each([
    ['einmal am Tag', '2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z'],
    ['zweimal in der Woche', '2026-12-31T09:00:00.000Z', '2027-01-04T00:00:00.000Z'],
    ['zweimal im Monat', '2026-12-31T09:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['einmal im Quartal', '2026-11-02T09:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    ['einmal im Halbjahr', '2026-05-02T09:00:00.000Z', '2026-07-01T00:00:00.000Z'],
    ['zweimal im Jahr', '2024-02-29T09:00:00.000Z', '2025-01-01T00:00:00.000Z'],
  ])('after "%s" begins with the calendar', (words, at, then) => {
    expect(next(words, at)).toBe(then);
  });

  it('of fourteen days does not begin with the calendar', () => {
    expect(next('14-täglich', '2026-11-02T09:00:00.000Z')).toBeNull();
  });
});

describe.each(databases)('a promised frequency that is used up, on %s', (name) => {
  const alice = 'alice@example.org';
  const question = {
    purpose: 'product-news',
    channel: 'email',
    audience: 'consumer',
    jurisdiction: 'DE',
  } as const;
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => test.close());

  const saysYes = async () => {
    await signUp(test.app, alice, ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, alice), aClient);
  };
  const use = async () => {
    const { id } = await test.app.db.selectFrom('permissions').select('id').executeTakeFirstOrThrow();
    const usedAt = test.app.now().toISOString();
    const by = { origin: 'api', actor: 'key' } as const;
    await test.app.db
      .transaction()
      .execute((tx) => recordUses(tx, usedAt, [{ permissionId: id, usedAt, campaign: null }], by));
  };
  const decided = async (at?: string) => {
    const [one] = await decideContacts(test.app, test.app.db, { ...question, at }, [alice]);
    return one?.decision;
  };
  const lineOf = async (kind: 'csv' | 'ndjson', text: string) => {
    async function* source() {
      yield Buffer.from(text);
    }
    let answer = '';
    for await (const { bytes } of scrub(test.app, question, kind, source())) answer += bytes;
    return answer;
  };

  it('is the reason, with the time of the next allowed contact, at every door', async () => {
    await saysYes();
    await use();
    await use();
    const again = '2026-12-01T00:00:00.000Z';
    const refused = { allowed: false, reason: 'frequency_reached', allowed_again_at: again };
    expect(await decided()).toMatchObject(refused);
    expect(await lineOf('csv', `contact_point\n${alice}\n`)).toContain(`,,${again},`);
    expect(JSON.parse(await lineOf('ndjson', `{"contact_point":"${alice}"}\n`))).toMatchObject(refused);
    const asked = ['decide', alice, '--purpose', 'product-news', '--channel', 'email'];
    const then = [...asked, '--at', '2026-11-02T09:00:00.000Z'];
    const { code, stdout } = await jawort(test.app, [...then, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject(refused);
    const plain = await jawort(test.app, then);
    expect(plain.stdout).toContain(`frequency_reached  (`);
    expect(plain.stdout).toContain(`allowed again at ${again}`);
  });

  it('of fourteen days has room when enough uses have left them, and not a millisecond earlier', async () => {
    const words = goodDe.replace('höchstens zweimal im Monat', '14-täglich');
    await approved(test.app, words, newsDe, 'material');
    const english =
      'Yes, Muster Werkzeuge GmbH, Hanau, may send me its newsletter with advertising for cordless drills, saws ' +
      'and accessories by e-mail, fortnightly. This is voluntary. I can withdraw this at any time, free of ' +
      'charge, by the link in each e-mail or informally to privacy@muster-werkzeuge.example. See the privacy notice.';
    const id = await approved(test.app, english, newsEn, 'material');
    expect((await scheduleVersion(test.app, lukas, id, 'at_once')).outcome).toBe('scheduled');
    await publishDueTexts(test.app);
    await saysYes();
    await use();
    test.pass({ days: 2 });
    const again = '2026-11-16T09:00:00.001Z';
    expect(await decided()).toMatchObject({ reason: 'frequency_reached', allowed_again_at: again });
    expect(await lineOf('csv', `contact_point\n${alice}\n`)).toContain(`,,${again},`);
    const twice = await decideContacts(test.app, test.app.db, question, [alice, alice]);
    expect(twice.map(({ decision }) => decision.allowed_again_at)).toEqual([again, again]);
    test.pass({ days: 12 });
    expect((await decided())?.reason).toBe('frequency_reached');
    test.pass({ minutes: 1 });
    expect(await decided(again)).toMatchObject({ allowed: true, allowed_again_at: null });
  });
});
