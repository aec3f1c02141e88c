import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addPurpose } from '#src/purposes/add-purpose.ts';
import { draftOf, findPurpose, type Purpose, type PurposeDraft } from '#src/purposes/purpose.ts';
import { purposeUses } from '#src/purposes/purpose-uses.ts';
import { restorePurpose, retirePurpose } from '#src/purposes/retire-purpose.ts';
import { savePurpose } from '#src/purposes/save-purpose.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import type { Actor } from '#src/staff/actor.ts';
import { actsOf, aMember } from '#tests/staff/desk.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('purposes on %s', (name) => {
  let test: TestApp;
  let legal: Actor;
  beforeEach(async () => {
    test = await openTestApp(name);
    legal = await aMember(test.app, 'legal');
  });
  afterEach(() => test.close());

  const required = async (key: string): Promise<Purpose> => {
    const purpose = await findPurpose(test.app.db, key);
    if (!purpose) throw new Error(`no purpose ${key}`);
    return purpose;
  };
  const save = async (key: string, change: Partial<PurposeDraft>, by = legal) => {
    const purpose = await required(key);
    const draft = { ...draftOf(purpose), ...change };
    return savePurpose(test.app, by, key, { revision: purpose.revision, draft });
  };

  it('saves every part, and tells the audit trail what changed', async () => {
    const changed = {
      titles: { de: 'Neues', en: 'News' },
      terms: { de: ['Bohrer'], en: ['drills'] },
      dataCategories: { de: ['E-Mail-Adresse'], en: ['e-mail address'] },
      thirdParties: [{ name: 'Beispiel AG', place: 'Köln', line_of_business: 'Versicherungen' }],
      proofYears: 4,
      proofNote: 'Ein Streit dauert an.',
    };
    expect(await save('product-news', changed)).toEqual({ outcome: 'saved' });
    expect(await required('product-news')).toMatchObject({ ...changed, revision: 2 });
    const entry = await test.app.db
      .selectFrom('audit_entries')
      .selectAll()
      .where('subject', '=', 'purpose:product-news')
      .executeTakeFirstOrThrow();
    expect(JSON.parse(entry.details)).toMatchObject({
      'titles.de': { from: 'Neuigkeiten zu Werkzeugen', to: 'Neues' },
      thirdParties: { from: [], to: ['Beispiel AG, Köln, Versicherungen'] },
      proofYears: { from: 3, to: 4 },
    });
  });

  it('tells the second of two who edit at once, and writes nothing of theirs', async () => {
    const { revision, ...purpose } = await required('product-news');
    const draft = (title: string) => ({
      ...draftOf({ ...purpose, revision }),
      titles: { de: title, en: title },
    });
    const results = await Promise.all([
      savePurpose(test.app, legal, 'product-news', { revision, draft: draft('First') }),
      savePurpose(test.app, legal, 'product-news', { revision, draft: draft('Second') }),
    ]);
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['changed_meanwhile', 'saved']);
    const winner = (await required('product-news')).titles.de;
    const told = results.find((result) => result.outcome === 'changed_meanwhile');
    expect(told && 'purpose' in told && told.purpose.titles.de).toBe(winner);
  });

  it('refuses roles that only read', async () => {
    const auditor = await aMember(test.app, 'auditor');
    await expect(save('product-news', {}, auditor)).rejects.toThrow(/may not/);
    await expect(retirePurpose(test.app, auditor, 'product-news')).rejects.toThrow(/may not/);
  });

  it('keeps a channel that a live text is for', async () => {
    expect(await save('product-news', { channels: [] })).toMatchObject({ outcome: 'faulty' });
    const { channels } = await required('product-news');
    const result = await save('product-news', {
      channels: channels.filter((one) => one.channel === 'email'),
    });
    expect(result).toEqual({ outcome: 'channel_in_use', channel: 'post' });
    expect(await required('product-news')).toMatchObject({ revision: 1, channels });
  });

  it('adds a purpose under a key of its own', async () => {
    const draft = draftOf(await required('service-calls'));
    const add = (key: string, controller = 'muster-werkzeuge') =>
      addPurpose(test.app, legal, { key, controller, draft });
    expect(await add('rentals')).toEqual({ outcome: 'added' });
    expect(await add('rentals')).toEqual({ outcome: 'key_taken' });
    expect(await add('Rentals!')).toEqual({ outcome: 'key_invalid' });
    expect(await add('leasing', 'nobody')).toEqual({ outcome: 'unknown_controller' });
    expect(await required('rentals')).toMatchObject(draft);
  });

  it('retires what no form asks for, and takes it back', async () => {
    expect(await retirePurpose(test.app, legal, 'product-news')).toEqual({
      outcome: 'in_forms',
      forms: ['fair', 'newsletter'],
    });
    expect(await retirePurpose(test.app, legal, 'price-list')).toEqual({ outcome: 'retired' });
    expect((await required('price-list')).retiredAt).not.toBe(null);
    expect(await retirePurpose(test.app, legal, 'price-list')).toEqual({ outcome: 'unchanged' });
    expect(await restorePurpose(test.app, legal, 'price-list')).toEqual({ outcome: 'restored' });
    expect(await actsOf(test.app, 'purpose:price-list')).toEqual(['purpose.retired', 'purpose.restored']);
  });

  it('counts what stands on it', async () => {
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, 'alice@example.org'), aClient);
    const uses = await purposeUses(test.app.db, (await required('product-news')).id);
    expect(uses).toMatchObject({ granted: 1, forms: ['fair', 'newsletter'] });
    expect(uses.liveTexts).toHaveLength(4);
  });
});
