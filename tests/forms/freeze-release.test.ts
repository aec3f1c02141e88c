import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findForm } from '#src/forms/find-form.ts';
import { freezeRelease } from '#src/forms/freeze-release.ts';
import { frozenPage } from '#src/forms/list-versions.ts';
import { closeForm, reopenForm } from '#src/forms/manage-form.ts';
import { shownHtml } from '#src/forms/shown-html.ts';
import { newId } from '#src/ids/new-id.ts';
import { requestSignup } from '#src/signups/request-signup.ts';
import { actsOf, aMember } from '#tests/staff/desk.ts';
import { aClient, openTestApp, submission, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('a release that prints forms in other markup, on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  const current = async (key: string) => {
    const form = await findForm(test.app.db, key);
    if (!form) throw new Error(`no form ${key}`);
    return form;
  };

  /** Puts out what the release before has frozen: the same words in other markup. */
  const frozenBefore = async (key: string) => {
    const { id, version } = await current(key);
    const number = version.number + 1;
    const shown = { de: 'a'.repeat(64), en: 'b'.repeat(64) };
    const row = {
      id: newId(),
      form_id: id,
      number,
      definition: JSON.stringify({ ...version.definition, number, shown }),
      sha256: 'c'.repeat(64),
      published_at: test.app.now().toISOString(),
    };
    await test.app.db.insertInto('form_versions').values(row).execute();
    await test.app.db.updateTable('forms').set({ current_version_id: row.id }).where('id', '=', id).execute();
    return row;
  };

  it('freezes the next version of each open form by itself, once, however many processes start', async () => {
    const old = await frozenBefore('newsletter');
    const starts = await Promise.all([1, 2, 3].map(() => freezeRelease(test.app)));
    expect(starts.flat()).toEqual(['newsletter@3']);
    expect(await freezeRelease(test.app)).toEqual([]);
    const { version } = await current('newsletter');
    expect(version.number).toBe(3);
    // In the words that it had; what differs is what was frozen of its looks.
    const { shown, number: _, ...words } = version.definition;
    expect(JSON.parse(old.definition)).toMatchObject(words);
    for (const locale of ['de', 'en'] as const) {
      const page = await frozenPage(test.app.db, version.id, locale);
      expect(page).toEqual({ html: shownHtml(version.definition, locale), sha256: shown[locale] });
    }
    expect(await actsOf(test.app, 'form:newsletter')).toEqual(['form.frozen']);
  });

  it('takes what was sent from a page of the version before', async () => {
    const old = await frozenBefore('newsletter');
    await freezeRelease(test.app);
    const fields = { email: 'alice@example.org', consent: 'product-news:email', form_version: old.id };
    const sent = await submission(test.app, 'newsletter', fields);
    expect(sent.version.id).toBe(old.id);
    expect(await requestSignup(test.app, sent, aClient)).toMatchObject({ outcome: 'accepted' });
  });

  it('leaves alone what looks as it was frozen, and freezes a closed form when it opens again', async () => {
    expect(await freezeRelease(test.app)).toEqual([]);
    const marketer = await aMember(test.app, 'marketing');
    await frozenBefore('fair');
    await closeForm(test.app, marketer, 'fair', null);
    expect(await freezeRelease(test.app)).toEqual([]);
    await reopenForm(test.app, marketer, 'fair');
    expect((await current('fair')).version.number).toBe(3);
  });
});
