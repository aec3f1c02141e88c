import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scheduleVersion } from '#src/consent-texts/schedule-version.ts';
import { archiveForm } from '#src/forms/archive-form.ts';
import { compareVersions } from '#src/forms/compare-versions.ts';
import { copyForm, createForm } from '#src/forms/create-form.ts';
import { describeDraft } from '#src/forms/describe-draft.ts';
import { findForm } from '#src/forms/find-form.ts';
import { type FormDraft, liveDraft, loadDraft } from '#src/forms/form-draft.ts';
import { listForms } from '#src/forms/list-forms.ts';
import { listVersions } from '#src/forms/list-versions.ts';
import { closeForm, reopenForm } from '#src/forms/manage-form.ts';
import { publishDraft } from '#src/forms/publish-draft.ts';
import { publishDueTexts } from '#src/forms/publish-due-texts.ts';
import { publishForm } from '#src/forms/publish-form.ts';
import { saveDraft } from '#src/forms/save-draft.ts';
import { shownHtml } from '#src/forms/shown-html.ts';
import type { Actor } from '#src/staff/actor.ts';
import { approved, lukas } from '#tests/consent-texts/desk.ts';
import { actsOf, aMember } from '#tests/staff/desk.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('the form editor on %s', (name) => {
  let test: TestApp;
  let mara: Actor;
  beforeEach(async () => {
    test = await openTestApp(name);
    mara = await aMember(test.app, 'marketing');
  });
  afterEach(() => test.close());

  const rowOf = async (key: string) =>
    test.app.db.selectFrom('forms').selectAll().where('key', '=', key).executeTakeFirstOrThrow();
  const draftOfForm = async (key: string) => loadDraft(test.app.db, (await rowOf(key)).id);
  const publish = async (key: string, change: Partial<FormDraft> = {}) => {
    const { revision, draft } = await draftOfForm(key);
    return publishDraft(test.app, mara, key, { revision, draft: { ...draft, ...change } });
  };
  const judge = async (key: string, change: Partial<FormDraft>) => {
    const form = await rowOf(key);
    const { draft } = await loadDraft(test.app.db, form.id);
    return describeDraft(test.app.db, form, { ...draft, ...change }, 'de');
  };
  const faultsOf = async (key: string, change: Partial<FormDraft>) =>
    (await judge(key, change)).faults.map(({ field, code }) => `${field} ${code}`);
  /** New words for product-news:email:de, live at once. */
  const newWordsGoLive = async () => {
    await scheduleVersion(test.app, lukas, await approved(test.app), 'at_once');
    expect(await publishDueTexts(test.app)).toMatchObject({ published: 1 });
  };
  const words = {
    de: { heading: 'Werkzeugpost', intro: 'Neues aus der Werkstatt.' },
    en: { heading: 'Tool post', intro: 'News from the workshop.' },
  };
  const created = async (key = 'werkzeugpost') => {
    const controller = 'muster-werkzeuge';
    expect(await createForm(test.app, mara, { key, controller })).toEqual({ outcome: 'created' });
  };

  it('opens the forms of the demo as they are out, with nothing in the way', async () => {
    for (const key of ['newsletter', 'fair']) {
      const form = await rowOf(key);
      const { draft, revision } = await loadDraft(test.app.db, form.id);
      expect(revision).toBe(0);
      expect(draft).toEqual(await liveDraft(test.app.db, form.id));
      const { faults, findings, publishable } = await describeDraft(test.app.db, form, draft, 'de');
      expect({ key, faults }).toEqual({ key, faults: [] });
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(publishable).toBe(true);
    }
  });

  it('makes a form from nothing, and shows nobody anything before it is published', async () => {
    await created();
    expect(await findForm(test.app.db, 'werkzeugpost')).toBe(undefined);
    const blocked = await publish('werkzeugpost');
    expect(blocked).toMatchObject({ outcome: 'blocked' });
    expect(await findForm(test.app.db, 'werkzeugpost')).toBe(undefined);
    const change = {
      words,
      consents: ['product-news:email'],
      sites: ['https://www.muster.de'],
      confirmWithinHours: 24,
      source: 'website',
      theme: { light: { accent: '#003366' }, dark: {}, shape: { radius: '8px' } },
      thanks: { words: { de: 'Danke!', en: 'Thanks!' }, address: 'https://www.muster.de/danke' },
    };
    expect(await publish('werkzeugpost', change)).toEqual({ outcome: 'published', number: 1 });
    const form = await findForm(test.app.db, 'werkzeugpost');
    expect(form).toMatchObject({ allowedOrigins: ['https://www.muster.de'], confirmWithinHours: 24 });
    expect(form?.version.definition).toMatchObject({
      number: 1,
      theme: change.theme,
      thanks: change.thanks,
      source: 'website',
      sites: change.sites,
      words: { de: { notice: expect.stringContaining('Verantwortlich: Muster Werkzeuge GmbH') } },
    });
    expect(await actsOf(test.app, 'form:werkzeugpost')).toEqual([
      'form.created',
      'form.changed',
      'form.published',
    ]);
  });

  it('freezes the HTML of each language with its hash, and the version names the hash', async () => {
    await publish('newsletter');
    const form = await findForm(test.app.db, 'newsletter');
    if (!form) throw new Error('no form');
    const pages = await test.app.db
      .selectFrom('form_version_pages')
      .selectAll()
      .where('version_id', '=', form.version.id)
      .orderBy('locale')
      .execute();
    expect(pages.map(({ locale }) => locale)).toEqual(['de', 'en']);
    for (const { locale, html, sha256 } of pages) {
      expect(sha256).toBe(createHash('sha256').update(html).digest('hex'));
      expect(form.version.definition.shown[locale]).toBe(sha256);
      expect(html).toBe(shownHtml(form.version.definition, locale));
      for (const { texts } of form.version.definition.consents) {
        expect(html).toContain(`<span data-consent-text>${texts[locale]?.wording}</span>`);
      }
      expect(html).not.toMatch(/checked|required[^-]*name="consent"/);
    }
  });

  it('keeps theme, thanks, sites and all else when a text goes live', async () => {
    const change = {
      theme: { light: { accent: '#003366' }, dark: { accent: '#9ecbff' }, shape: {} },
      thanks: { words: { de: 'Danke!', en: 'Thanks!' }, address: 'http://localhost:8080/danke' },
      source: 'website',
      confirmWithinHours: 48,
      defaultLocale: 'en' as const,
    };
    await publish('newsletter', change);
    const before = await liveDraft(test.app.db, (await rowOf('newsletter')).id);
    expect(before).toMatchObject(change);
    await newWordsGoLive();
    expect((await findForm(test.app.db, 'newsletter'))?.version.number).toBe(3);
    expect(await liveDraft(test.app.db, (await rowOf('newsletter')).id)).toEqual(before);
    const pages = await test.app.db.selectFrom('form_version_pages').select('version_id').execute();
    const versions = await test.app.db.selectFrom('form_versions').select('id').execute();
    expect(pages).toHaveLength(versions.length * 2);
  });

  it('tells the second of two editors, and loses nothing of either', async () => {
    const { draft, revision } = await draftOfForm('newsletter');
    const typed = (source: string) => ({ revision, draft: { ...draft, source } });
    const [one, other] = await Promise.all([
      saveDraft(test.app, mara, 'newsletter', typed('one')),
      saveDraft(test.app, mara, 'newsletter', typed('other')),
    ]);
    const outcomes = [one.outcome, other.outcome].sort();
    expect(outcomes).toEqual(['changed_meanwhile', 'saved']);
    const kept = (await draftOfForm('newsletter')).draft.source;
    expect(kept).toBe(one.outcome === 'saved' ? 'one' : 'other');
    const late = await publishDraft(test.app, mara, 'newsletter', typed('late'));
    expect(late).toMatchObject({
      outcome: 'changed_meanwhile',
      saved: { revision: 1, changedBy: mara.name },
    });
    expect((await findForm(test.app.db, 'newsletter'))?.version.number).toBe(1);
  });

  it('does not publish a text that was retired while the editor was open', async () => {
    await created();
    const change = { words, consents: ['price-list:sms'], fields: asked('email', 'phone') };
    const opened = await draftOfForm('werkzeugpost');
    await test.app.db
      .updateTable('consent_text_versions')
      .set({ state: 'retired' })
      .where('text_id', 'in', (eb) =>
        eb
          .selectFrom('consent_texts')
          .innerJoin('purposes', 'purposes.id', 'consent_texts.purpose_id')
          .select('consent_texts.id')
          .where('purposes.key', '=', 'price-list')
          .where('channel', '=', 'sms')
          .where('locale', '=', 'en'),
      )
      .execute();
    await test.app.db
      .updateTable('consent_texts')
      .set({ live_version_id: null })
      .where('channel', '=', 'sms')
      .where('locale', '=', 'en')
      .execute();
    const draft = { ...opened.draft, ...change };
    const result = await publishDraft(test.app, mara, 'werkzeugpost', { ...opened, draft });
    expect(result).toMatchObject({
      outcome: 'blocked',
      described: { faults: [{ code: 'no_words', locale: 'en', words: { state: 'retired' } }] },
    });
    expect((await draftOfForm('werkzeugpost')).draft).toEqual(draft);
    // In German alone nothing is missing.
    expect(await publish('werkzeugpost', { locales: ['de'] })).toMatchObject({ outcome: 'published' });
  });

  it('blocks what the law or the contract does not allow, each with a word for it', async () => {
    const { draft } = await draftOfForm('newsletter');
    const check = (change: Partial<FormDraft>) => faultsOf('newsletter', change);
    expect(await check({ consents: [] })).toEqual(['box no_box']);
    expect(await check({ consents: ['gone:email'] })).toEqual(['box-gone:email box_gone']);
    expect(await check({ consents: ['product-news:phone'] })).toContain('box-product-news:phone box_gone');
    expect(await check({ fields: asked('email', 'phone') })).toEqual(['ask-phone field_unneeded']);
    expect(await check({ fields: [...asked('email'), { name: 'given_name', required: true }] })).toEqual([
      'required-given_name field_not_for_all',
    ]);
    expect(await check({ consents: ['product-news:post'] })).toEqual([
      'ask-street field_lacking',
      'ask-postal_code field_lacking',
      'ask-city field_lacking',
    ]);
    expect(await check({ locales: [] })).toEqual(['locale no_language']);
    expect(await check({ locales: ['en'] })).toEqual(['default_locale other_default']);
    expect(await check({ words: { ...draft.words, en: { heading: '', intro: '' } } })).toEqual([
      'heading_en missing',
    ]);
    expect(await check({ sites: ['https://a.de/x', 'https://*.b.de'] })).toEqual([
      'sites site_path',
      'sites site_wildcard',
    ]);
    const elsewhere = { ...draft.thanks, address: 'https://evil.example/' };
    expect(await check({ thanks: elsewhere })).toEqual(['thanks_address page_elsewhere']);
    expect(await check({ confirmWithinHours: 169 })).toEqual(['hours hours']);
    expect(await check({ theme: { ...draft.theme, light: { text: '#999999' } } })).toEqual([
      'light.text contrast',
    ]);
    expect(await check({ source: 'a\u202eb' })).toEqual(['source unreadable']);
  });

  it('runs the rules of law over boxes, fields, heading and introduction', async () => {
    const { draft } = await draftOfForm('newsletter');
    const say = async (intro: string, change: Partial<FormDraft> = {}) => {
      const de = { heading: 'Newsletter', intro };
      const { findings, publishable } = await judge('newsletter', {
        ...change,
        words: { ...draft.words, de },
      });
      return { rules: [...new Set(findings.map(({ rule }) => rule))], publishable };
    };
    expect(await say('Durch Absenden erklären Sie sich hierfür mit Werbung einverstanden.')).toEqual({
      rules: expect.arrayContaining(['W15']),
      publishable: false,
    });
    expect(await say('Ihr auf Sie zugeschnittener Newsletter.')).toMatchObject({
      rules: expect.arrayContaining(['W26']),
      publishable: false,
    });
    const phone = { consents: ['service-calls:phone'], fields: asked('email', 'phone') };
    expect(await say('Wir rufen Sie an.', phone)).toMatchObject({
      rules: expect.arrayContaining(['W41']),
      publishable: false,
    });
    expect(await say('Wir schreiben Ihnen.')).toEqual({ rules: [], publishable: true });
  });

  it('copies a form under another key, once', async () => {
    expect(await copyForm(test.app, mara, 'newsletter', 'newsletter-2')).toEqual({ outcome: 'created' });
    expect(await copyForm(test.app, mara, 'fair', 'newsletter-2')).toEqual({ outcome: 'key_taken' });
    expect(await copyForm(test.app, mara, 'fair', 'No Key')).toEqual({ outcome: 'key_faulty' });
    expect(await copyForm(test.app, mara, 'nothing', 'other')).toEqual({ outcome: 'unknown_form' });
    expect((await draftOfForm('newsletter-2')).draft).toEqual((await draftOfForm('newsletter')).draft);
    expect(await findForm(test.app.db, 'newsletter-2')).toBe(undefined);
  });

  it('puts a form away without deleting it, and publishing brings it back', async () => {
    const at = () => test.app.now().toISOString();
    const stateOf = async () => (await listForms(test.app.db, at(), 'newsletter'))[0]?.state;
    await archiveForm(test.app, mara, 'newsletter');
    await archiveForm(test.app, mara, 'newsletter');
    expect(await stateOf()).toBe('archived');
    // A text that goes live leaves it alone.
    await newWordsGoLive();
    expect((await findForm(test.app.db, 'newsletter'))?.version.number).toBe(1);
    expect(await publish('newsletter')).toEqual({ outcome: 'published', number: 2 });
    expect(await stateOf()).toBe('live');
    expect(await actsOf(test.app, 'form:newsletter')).toEqual(['form.archived', 'form.published']);
  });

  it('comes back from being closed in the words that went live meanwhile', async () => {
    const versionOf = async () => (await findForm(test.app.db, 'newsletter'))?.version.number;
    await closeForm(test.app, mara, 'newsletter', null);
    await newWordsGoLive();
    expect(await versionOf()).toBe(1);
    await reopenForm(test.app, mara, 'newsletter');
    expect(await versionOf()).toBe(2);
    // With the same words it comes back as it was.
    await closeForm(test.app, mara, 'newsletter', null);
    await reopenForm(test.app, mara, 'newsletter');
    expect(await versionOf()).toBe(2);
  });

  it('keeps a form closed whose words are gone, and says which', async () => {
    await closeForm(test.app, mara, 'newsletter', null);
    await test.app.db
      .updateTable('consent_texts')
      .set({ live_version_id: null })
      .where('locale', '=', 'en')
      .where('channel', '=', 'email')
      .where('purpose_id', '=', (eb) =>
        eb.selectFrom('purposes').select('id').where('key', '=', 'product-news'),
      )
      .execute();
    expect(await reopenForm(test.app, mara, 'newsletter')).toEqual({
      outcome: 'words_missing',
      boxes: ['product-news/email/en'],
    });
    expect((await rowOf('newsletter')).closed_at).not.toBeNull();
  });

  it('makes no second version of what is out already, however often it is published', async () => {
    const { id } = await rowOf('newsletter');
    const stands = { outcome: 'unchanged', number: 1 };
    expect(await publish('newsletter')).toEqual(stands);
    // A double click on the button brings the same draft twice.
    const { revision, draft } = await draftOfForm('newsletter');
    const typed = { revision, draft: { ...draft, source: 'website' } };
    await saveDraft(test.app, mara, 'newsletter', typed);
    const once = () => publishDraft(test.app, mara, 'newsletter', { ...typed, revision: revision + 1 });
    const outcomes = (await Promise.all([once(), once()])).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(['published', 'unchanged']);
    expect(await listVersions(test.app.db, id)).toHaveLength(2);
    // From the archive it comes back as it was.
    await archiveForm(test.app, mara, 'newsletter');
    expect(await publish('newsletter')).toEqual({ outcome: 'published', number: 2 });
    expect((await rowOf('newsletter')).archived_at).toBeNull();
    expect(
      (await actsOf(test.app, 'form:newsletter')).filter((act) => act === 'form.published'),
    ).toHaveLength(2);
  });

  it('tells two versions apart, word by word and choice by choice', async () => {
    const { draft } = await draftOfForm('newsletter');
    const words = { ...draft.words, en: { heading: 'News', intro: draft.words.en?.intro ?? '' } };
    await publish('newsletter', {
      words,
      consents: ['product-news:email', 'event-invitations:email'],
      sites: ['https://www.muster.de'],
    });
    const [after, before] = await listVersions(test.app.db, (await rowOf('newsletter')).id);
    if (!after || !before) throw new Error('no versions');
    const compared = compareVersions(before.definition, after.definition);
    expect(compared.words.map(({ what, locale, box }) => [what, locale, box?.value])).toEqual([
      ['box', 'de', 'partner-offers:email'],
      ['heading', 'en', undefined],
      ['box', 'en', 'partner-offers:email'],
    ]);
    expect(compared.words[0]?.after).toBe('');
    expect(Object.keys(compared.others)).toEqual(['consents', 'sites']);
    expect(compareVersions(after.definition, after.definition)).toEqual({ words: [], others: {} });
  });

  it('lets nobody but marketing and admins at it', async () => {
    const agent = await aMember(test.app, 'agent');
    const { draft, revision } = await draftOfForm('newsletter');
    const typed = { revision, draft };
    await expect(saveDraft(test.app, agent, 'newsletter', typed)).rejects.toThrow(/forms.write/);
    await expect(publishDraft(test.app, agent, 'newsletter', typed)).rejects.toThrow(/forms.write/);
    await expect(archiveForm(test.app, agent, 'newsletter')).rejects.toThrow(/forms.write/);
    await expect(copyForm(test.app, agent, 'newsletter', 'x1')).rejects.toThrow(/forms.write/);
  });

  it('numbers two publications at once one after the other', async () => {
    const { id } = await rowOf('newsletter');
    const { draft } = await loadDraft(test.app.db, id);
    const at = test.app.now().toISOString();
    const once = () => test.app.db.transaction().execute((tx) => publishForm(tx, id, draft, at));
    await Promise.all([once(), once()]);
    expect((await findForm(test.app.db, 'newsletter'))?.version.number).toBe(3);
  });
});

function asked(...names: FormDraft['fields'][number]['name'][]): FormDraft['fields'] {
  return names.map((name) => ({ name, required: name === 'email' }));
}
