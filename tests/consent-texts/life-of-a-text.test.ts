import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { overrideFinding } from '#src/consent-texts/accept-findings.ts';
import { approveVersion } from '#src/consent-texts/approve-version.ts';
import { wordingHash } from '#src/consent-texts/canonical-wording.ts';
import { createDraft } from '#src/consent-texts/create-draft.ts';
import { discardDraft } from '#src/consent-texts/discard-draft.ts';
import { invalidateVersion } from '#src/consent-texts/invalidate-version.ts';
import { rejectVersion } from '#src/consent-texts/reject-version.ts';
import { returnToDraft } from '#src/consent-texts/return-to-draft.ts';
import { saveDraft } from '#src/consent-texts/save-draft.ts';
import { scheduleVersion, unscheduleVersion } from '#src/consent-texts/schedule-version.ts';
import { sendToReview } from '#src/consent-texts/send-to-review.ts';
import { stepsOfText } from '#src/consent-texts/steps.ts';
import { findForm } from '#src/forms/find-form.ts';
import { publishDueTexts } from '#src/forms/publish-due-texts.ts';
import { resumeText, retireText, stopText } from '#src/forms/stop-text.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import {
  acknowledgeAll,
  approve,
  approved,
  badDe,
  draft,
  goodDe,
  inReview,
  lena,
  liveVersion,
  lukas,
  mara,
  newsDe,
  newsEn,
  opened,
  save,
  version,
} from './desk.ts';

describe.each(databases)('the life of a text on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  const stepsOf = async (id: string) =>
    (await stepsOfText(test.app.db, (await version(test.app, id)).text_id))
      .filter((step) => step.versionId === id)
      .map((step) => step.kind);

  it('goes from draft to live, and the forms that show it get a new version with exactly these words', async () => {
    const { app } = test;
    const before = await findForm(app.db, 'newsletter');
    const old = await liveVersion(app, newsDe);
    const id = await approved(app);
    expect(await scheduleVersion(app, lukas, id, 'at_once')).toMatchObject({ outcome: 'scheduled' });
    expect(await publishDueTexts(app)).toEqual({ published: 1, refused: 0, forms: 2 });
    const live = await liveVersion(app, newsDe);
    expect(live).toMatchObject({ id, state: 'live', major: 1, minor: 1, wording: goodDe });
    expect((await version(app, old.id)).state).toBe('retired');
    const after = await findForm(app.db, 'newsletter');
    expect(after?.version.number).toBe((before?.version.number ?? 0) + 1);
    expect(after?.version.definition.consents[0]?.texts.de).toEqual({
      id,
      ref: 'product-news/email/de@1.1',
      wording: goodDe,
      sha256: wordingHash(goodDe),
    });
    expect(after?.version.definition.words).toEqual(before?.version.definition.words);
    expect(await stepsOf(id)).toEqual(
      expect.arrayContaining(['created', 'edited', 'sent_to_review', 'approved', 'scheduled', 'went_live']),
    );
    expect(await publishDueTexts(app)).toEqual({ published: 0, refused: 0, forms: 0 });
  });

  describe('createDraft', () => {
    it('tells the second person whose draft it is', async () => {
      const id = await draft(test.app);
      expect(await createDraft(test.app, lukas, newsDe, 'live')).toEqual({
        outcome: 'already_open',
        versionId: id,
        author: 'Lena Legal',
        state: 'draft',
      });
    });

    it('lets one of two people begin who begin at once', async () => {
      const both = await Promise.all([
        createDraft(test.app, lena, newsDe, 'live'),
        createDraft(test.app, lukas, newsDe, 'blank'),
      ]);
      expect(both.map(({ outcome }) => outcome).sort()).toEqual(['already_open', 'created']);
    });

    it('begins blank where there are no words yet, and nowhere that the purpose does not offer', async () => {
      const place = { purpose: 'price-list', channel: 'post', locale: 'de' } as const;
      expect(await createDraft(test.app, lena, place, 'blank')).toEqual({ outcome: 'unknown_purpose' });
    });

    it('is not for marketing', async () => {
      await expect(createDraft(test.app, mara, newsDe, 'live')).rejects.toThrow(/may not do texts.write/);
    });
  });

  describe('saveDraft', () => {
    it('keeps the canonical words and says what the check found', async () => {
      const id = await draft(test.app);
      const result = await save(test.app, id, `  ${badDe}\n`);
      expect(result).toMatchObject({ outcome: 'saved' });
      if (result.outcome !== 'saved') return;
      expect(result.check.errors.map(({ rule }) => rule)).toContain('W01');
      expect(await version(test.app, id)).toMatchObject({ wording: badDe, sha256: wordingHash(badDe) });
    });

    it('overwrites nothing unseen: who saves second gets both wordings', async () => {
      const { app } = test;
      const id = await draft(app);
      const { revision } = await version(app, id);
      const input = { revision, change: 'editorial', checklist: [], note: '' } as const;
      await saveDraft(app, lena, id, { ...input, checklist: [], wording: 'Eins.' });
      const second = await saveDraft(app, lukas, id, { ...input, checklist: [], wording: 'Zwei.' });
      expect(second).toMatchObject({
        outcome: 'stale',
        savedBy: 'Lena Legal',
        current: { wording: 'Eins.', revision: revision + 1 },
        own: { wording: 'Zwei.' },
      });
      expect((await version(app, id)).wording).toBe('Eins.');
    });

    it('refuses what is longer than any consent text, and keeps the words', async () => {
      const id = await draft(test.app);
      expect(await save(test.app, id, 'x'.repeat(5001))).toMatchObject({ outcome: 'too_long', most: 5000 });
    });
  });

  it('discards a draft and remembers that it was there', async () => {
    const { app } = test;
    const id = await draft(app);
    const { text_id, revision } = await version(app, id);
    expect(await discardDraft(app, lena, id, revision)).toEqual({ outcome: 'discarded' });
    const steps = await stepsOfText(app.db, text_id);
    expect(steps.map(({ kind }) => kind)).toEqual(['created', 'discarded']);
    expect(await createDraft(app, lukas, newsDe, 'live')).toMatchObject({ outcome: 'created' });
  });

  describe('sendToReview', () => {
    it('is blocked by an error, with the ruling, until the words are mended', async () => {
      const { app } = test;
      const id = await draft(app);
      await save(app, id, badDe);
      const refused = await sendToReview(app, lena, id, await opened(app, id));
      expect(refused).toMatchObject({ outcome: 'blocked' });
      if (refused.outcome === 'blocked') {
        expect(refused.check.errors[0]).toMatchObject({
          rule: 'W01',
          excerpt: expect.stringContaining('Partner'),
        });
        expect(refused.check.errors[0]?.law).toContain('BGH');
      }
      await save(app, id, goodDe);
      await acknowledgeAll(app, id);
      expect(await sendToReview(app, lena, id, await opened(app, id))).toEqual({ outcome: 'sent' });
    });

    it('passes an error that a named person overrode in writing, and keeps who and why', async () => {
      const { app } = test;
      const id = await draft(app);
      await save(app, id, badDe);
      for (;;) {
        const result = await sendToReview(app, lena, id, await opened(app, id));
        if (result.outcome !== 'blocked') break;
        const { key } = result.check.errors[0] ?? { key: '' };
        const { revision } = await version(app, id);
        const why = 'Das Gericht hat genau diese Klausel gebilligt.';
        expect(await overrideFinding(app, lukas, id, { revision, key, reason: 'zu kurz' })).toMatchObject({
          outcome: 'reason_missing',
        });
        await overrideFinding(app, lukas, id, { revision, key, reason: why });
      }
      await acknowledgeAll(app, id);
      expect(await sendToReview(app, lena, id, await opened(app, id))).toEqual({ outcome: 'sent' });
      expect(JSON.parse((await version(app, id)).overrides)[0]).toMatchObject({
        rule: 'W01',
        by_name: 'Lukas Legal',
        reason: 'Das Gericht hat genau diese Klausel gebilligt.',
      });
    });
  });

  describe('approveVersion', () => {
    it('is refused to the author and to everybody who edited', async () => {
      const { app } = test;
      const id = await draft(app);
      await save(app, id, goodDe, {}, lukas);
      await acknowledgeAll(app, id);
      await sendToReview(app, lena, id, await opened(app, id));
      const approval = { ...(await opened(app, id)), change: 'editorial', note: 'Gut.' } as const;
      expect(await approveVersion(app, lena, id, approval)).toEqual({ outcome: 'own_work' });
      expect(await approveVersion(app, lukas, id, approval)).toEqual({ outcome: 'own_work' });
    });

    it('is refused when the words changed since they were opened', async () => {
      const { app } = test;
      const id = await inReview(app);
      const before = await opened(app, id);
      await returnToDraft(app, lukas, id, 'Bitte kürzer.');
      await save(app, id, `${goodDe} Danke.`);
      await acknowledgeAll(app, id);
      await sendToReview(app, lena, id, await opened(app, id));
      const approval = { ...before, change: 'editorial', note: 'Gut.' } as const;
      expect(await approveVersion(app, lukas, id, approval)).toMatchObject({
        outcome: 'changed_since_opened',
      });
    });

    it('decides that a change is material whatever anyone says, when a recipient is new', async () => {
      const { app } = test;
      const live = await liveVersion(app, newsDe);
      await app.db
        .insertInto('purpose_third_parties')
        .values({
          id: 'third',
          purpose_id: live.purpose_id,
          name: 'Beispiel Logistik GmbH',
          place: 'Mainz',
          line_of_business: 'Versand',
        })
        .execute();
      const id = await inReview(app);
      const result = await approve(app, id, 'editorial');
      expect(result).toMatchObject({ outcome: 'approved', change: 'material', number: '2.0' });
      if (result.outcome === 'approved') expect(result.seen).toContain('recipients');
    });

    it('decides so as well when the words name another frequency', async () => {
      const { app } = test;
      const id = await inReview(app, goodDe.replace('zweimal im Monat', 'viermal im Monat'));
      expect(await approve(app, id)).toMatchObject({ change: 'material', seen: ['named_frequency'] });
    });

    it('decides so as well when the purpose promises another frequency or names other products', async () => {
      const { app } = test;
      const { purpose_id } = await liveVersion(app, newsDe);
      await app.db
        .updateTable('purpose_channels')
        .set({ frequency_times: 4 })
        .where('purpose_id', '=', purpose_id)
        .execute();
      await app.db
        .updateTable('purpose_translations')
        .set({ terms: JSON.stringify(['Akkuschrauber', 'Sägen', 'Zubehör', 'Bohrer']) })
        .where('purpose_id', '=', purpose_id)
        .execute();
      const result = await approve(app, await inReview(app));
      expect(result).toMatchObject({ change: 'material', seen: ['products', 'frequency'] });
    });

    it('takes one yes in the checklist for material', async () => {
      const { app } = test;
      const id = await inReview(app, goodDe, newsDe, { checklist: ['longer_period'] });
      expect(await approve(app, id)).toMatchObject({ change: 'material', number: '2.0' });
    });

    it('asks for a note, and happens once', async () => {
      const { app } = test;
      const id = await inReview(app);
      const approval = { ...(await opened(app, id)), change: 'editorial', note: ' ' } as const;
      expect(await approveVersion(app, lukas, id, approval)).toEqual({ outcome: 'note_missing' });
      const twice = await Promise.all([approve(app, id), approve(app, id)]);
      expect(twice.filter(({ outcome }) => outcome === 'approved')).toHaveLength(1);
    });
  });

  it('rejects with a reason only', async () => {
    const { app } = test;
    const id = await inReview(app);
    expect(await rejectVersion(app, lukas, id, '')).toEqual({ outcome: 'reason_missing' });
    expect(await rejectVersion(app, lukas, id, 'Zu unbestimmt.')).toEqual({ outcome: 'rejected' });
    expect((await version(app, id)).state).toBe('rejected');
    expect(await createDraft(app, lena, newsDe, 'live')).toMatchObject({ outcome: 'created' });
  });

  describe('scheduleVersion', () => {
    it('is refused for a time that is over', async () => {
      const id = await approved(test.app);
      expect(await scheduleVersion(test.app, lukas, id, '2026-11-01T09:00:00Z')).toMatchObject({
        outcome: 'in_the_past',
      });
      expect(await scheduleVersion(test.app, lukas, id, 'bald')).toEqual({ outcome: 'invalid_time' });
    });

    it('goes live when its time has come, not before', async () => {
      const { app, pass } = test;
      const id = await approved(app);
      await scheduleVersion(app, lukas, id, '2026-11-02T12:00:00Z');
      expect(await publishDueTexts(app)).toMatchObject({ published: 0 });
      pass({ hours: 3 });
      expect(await publishDueTexts(app)).toMatchObject({ published: 1 });
      expect((await version(app, id)).live_from).toBe('2026-11-02T12:00:00.000Z');
    });

    it('waits for the translation that a live form needs, and then takes it along', async () => {
      const { app } = test;
      const de = await approved(app, goodDe, newsDe, 'material');
      expect(await scheduleVersion(app, lukas, de, 'at_once')).toEqual({
        outcome: 'translation_missing',
        lacking: [{ locale: 'en', state: 'none', forms: ['fair', 'newsletter'] }],
      });
      const english = (await liveVersion(app, newsEn)).wording;
      const en = await approved(app, english.replace('Details are', 'More is'), newsEn, 'material');
      const result = await scheduleVersion(app, lukas, de, 'at_once');
      expect(result).toMatchObject({ outcome: 'scheduled', together: [{ id: en }] });
      expect(await publishDueTexts(app)).toEqual({ published: 2, refused: 0, forms: 2 });
      expect((await liveVersion(app, newsEn)).id).toBe(en);
    });

    it('can be taken back until it is live', async () => {
      const { app } = test;
      const id = await approved(app);
      await scheduleVersion(app, lukas, id, '2026-12-01T00:00:00Z');
      expect(await unscheduleVersion(app, lukas, id, 'Erst nach der Messe.')).toEqual({
        outcome: 'unscheduled',
      });
      expect(await version(app, id)).toMatchObject({ state: 'approved', publish_at: null });
    });
  });

  it('retires a text, off the forms that show it', async () => {
    const { app } = test;
    const live = await liveVersion(app, newsDe);
    expect(await retireText(app, lukas, live.id, '')).toEqual({ outcome: 'reason_missing' });
    expect(await retireText(app, lukas, live.id, 'Nicht mehr nötig.')).toEqual({
      outcome: 'retired',
      forms: ['fair@2', 'newsletter@2'],
    });
    const fax = await liveVersion(app, { purpose: 'price-list', channel: 'fax', locale: 'de' });
    expect(await retireText(app, lukas, fax.id, 'Kein Fax mehr.')).toEqual({ outcome: 'retired', forms: [] });
    const unwanted = await approved(app);
    expect(await retireText(app, lukas, unwanted, 'Doch nicht.')).toEqual({ outcome: 'retired', forms: [] });
  });

  it('declares words invalid once, with a reason, by a second person', async () => {
    const { app } = test;
    const live = await liveVersion(app, newsDe);
    const invalidate = (actor: typeof lena, reason = 'Urteil vom 1. November.') =>
      invalidateVersion(app, actor, live.id, reason);
    expect(await invalidate(lukas, '')).toEqual({ outcome: 'reason_missing' });
    expect(await invalidate(lukas)).toEqual({ outcome: 'not_stopped' });
    expect((await stopText(app, lukas, live.id, 'Wird geprüft.')).outcome).toBe('stopped');
    expect(await invalidate(lukas)).toEqual({ outcome: 'own_stop' });
    expect(await invalidate(lena)).toEqual({ outcome: 'invalidated' });
    expect(await invalidate(lena, 'Noch einmal.')).toEqual({ outcome: 'already_invalid' });
    expect(await resumeText(app, lukas, live.id, '')).toEqual({ outcome: 'already_invalid' });
    const trail = await app.db
      .selectFrom('audit_entries')
      .select(['act', 'staff_id'])
      .orderBy('id')
      .execute();
    expect(trail.filter(({ act }) => act === 'text.stopped' || act === 'text.invalidated')).toEqual([
      { act: 'text.stopped', staff_id: lukas.id },
      { act: 'text.invalidated', staff_id: lena.id },
    ]);
    await expect(stopText(app, mara, live.id, 'Darf ich nicht.')).rejects.toThrow();
  });
});
