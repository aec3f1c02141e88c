import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDraft } from '#src/consent-texts/check-draft.ts';
import { describeText } from '#src/consent-texts/describe-text.ts';
import { markedWording } from '#src/consent-texts/marked-wording.ts';
import { settlePermissionCounts } from '#src/consent-texts/permission-counts.ts';
import { scheduleVersion } from '#src/consent-texts/schedule-version.ts';
import { textGrid } from '#src/consent-texts/text-grid.ts';
import { textsOnDate } from '#src/consent-texts/texts-on-date.ts';
import { wordDiff } from '#src/consent-texts/word-diff.ts';
import { publishDueTexts } from '#src/forms/publish-due-texts.ts';
import { momentOf } from '#src/pages/staff/texts/_print.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { approved, badDe, draft, goodDe, liveVersion, lukas, newsDe } from './desk.ts';

describe.each(databases)('what legal reads on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  it('shows in the grid what is live, what is being written, and how many stand under it', async () => {
    const { app } = test;
    await draft(app);
    await signUp(app, 'alice@example.org', ['product-news:email']);
    await confirmSignup(app, await newestToken(app, 'alice@example.org'), aClient);
    await signUp(app, 'bob@example.org', ['product-news:email']);
    const cells = async () => {
      const rows = await textGrid(app.db, 'de');
      return rows.find(({ purpose, channel }) => purpose === 'product-news' && channel === 'email')?.cells;
    };
    const expected = [
      {
        locale: 'de',
        live: { number: '1.0' },
        open: 'draft',
        permissions: { granted: 1, pending: 1, ended: 0 },
      },
      {
        locale: 'en',
        live: { number: '1.0' },
        open: null,
        permissions: { granted: 0, pending: 0, ended: 0 },
      },
    ];
    expect(await cells()).toMatchObject(expected);
    await settlePermissionCounts(app);
    expect(await cells()).toMatchObject(expected);
  });

  it('shows a gap where a purpose has a channel and no words', async () => {
    const { app } = test;
    const { purpose_id } = await liveVersion(app, newsDe);
    await app.db.insertInto('purpose_channels').values({ purpose_id, channel: 'sms' }).execute();
    const rows = await textGrid(app.db, 'de');
    expect(
      rows.find(({ channel, purpose }) => channel === 'sms' && purpose === 'product-news'),
    ).toMatchObject({
      cells: [{ live: null }, { live: null }],
    });
  });

  it('tells of a text who wrote, who approved, and every step', async () => {
    const { app } = test;
    await approved(app);
    const text = await describeText(app.db, newsDe);
    expect(text?.versions.map(({ author, approver }) => [author, approver])).toEqual([
      ['Lena Legal', 'Lukas Legal'],
      [null, null],
    ]);
    expect(await describeText(app.db, { ...newsDe, purpose: 'nothing' })).toBeUndefined();
  });

  it('knows the words of any day', async () => {
    const { app, pass } = test;
    const before = app.now().toISOString();
    pass({ days: 2 });
    await scheduleVersion(app, lukas, await approved(app), 'at_once');
    await publishDueTexts(app);
    const wordsOn = async (at: string) =>
      (await textsOnDate(app.db, at)).filter(
        ({ purpose, channel, locale }) => `${purpose}/${channel}/${locale}` === 'product-news/email/de',
      );
    expect(await wordsOn(before)).toMatchObject([{ minor: 0 }]);
    expect(await wordsOn(app.now().toISOString())).toMatchObject([{ minor: 1, wording: goodDe }]);
    expect(await wordsOn('2020-01-01T00:00:00.000Z')).toEqual([]);
  });

  it('checks words that are not saved, scripts and hidden letters among them', async () => {
    const { app } = test;
    const rulesOf = async (words: string) =>
      (await checkDraft(app.db, newsDe, words, 'de'))?.errors.map(({ rule }) => rule) ?? [];
    expect(await rulesOf(goodDe)).toEqual([]);
    expect(await rulesOf(badDe)).toContain('W01');
    expect(await rulesOf(badDe.replace('Partnern', 'Part\u200bnern'))).toContain('W01');
    expect((await rulesOf(`${goodDe} \u202eabc`)).length).toBeGreaterThan(0);
    expect((await rulesOf(`${goodDe} <script>alert(1)</script>`)).length).toBeGreaterThan(0);
  });
});

describe('the moment that a printed day stands for', () => {
  const now = new Date('2026-11-25T23:30:00.000Z');

  it.each([
    ['2026-07-01', '2026-07-01T21:59:59.000Z'],
    ['2026-11-24', '2026-11-24T22:59:59.000Z'],
    ['2026-11-25', '2026-11-25T22:59:59.000Z'],
  ])('is the end of %s on German clocks', (day, at) => {
    expect(momentOf(day, now)).toEqual({ at, day, notADay: false });
  });

  it.each(['2026-11-26', '2030-01-01', null])(
    'is now for %s, as it is tomorrow in Germany already',
    (day) => {
      expect(momentOf(day, now)).toEqual({ at: now.toISOString(), day: '2026-11-26', notADay: false });
    },
  );

  it.each(['2026-02-31', '2026-13-45', 'yesterday'])('is none for %s', (day) => {
    expect(momentOf(day, now)).toMatchObject({ day: '2026-11-26', notADay: true });
  });
});

describe('markedWording', () => {
  it('cuts the words where findings begin and end, also where they overlap', () => {
    const at = (start: number, end: number) => ({ field: 'wording', start, end }) as never;
    expect(markedWording('abcdef', [at(1, 4), at(3, 5), at(0, 0)])).toEqual([
      { text: 'a', findings: [], ending: [] },
      { text: 'bc', findings: [0], ending: [] },
      { text: 'd', findings: [0, 1], ending: [0] },
      { text: 'e', findings: [1], ending: [1] },
      { text: 'f', findings: [], ending: [] },
    ]);
  });
});

describe('wordDiff', () => {
  it('tells word by word what came and what went, and loses no letter', () => {
    const parts = wordDiff('Mehr steht in den Hinweisen.', 'Alles Weitere steht in den Hinweisen.', 'de');
    const without = (kind: string) => parts.filter((part) => part.kind !== kind).map(({ text }) => text);
    expect(without('added').join('')).toBe('Mehr steht in den Hinweisen.');
    expect(without('removed').join('')).toBe('Alles Weitere steht in den Hinweisen.');
    expect(parts.filter(({ kind }) => kind === 'removed')).toEqual([{ kind: 'removed', text: 'Mehr' }]);
  });
});
