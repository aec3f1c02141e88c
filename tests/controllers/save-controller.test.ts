import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addController } from '#src/controllers/add-controller.ts';
import { type ControllerDraft, controllerDraftOf, findController } from '#src/controllers/controller.ts';
import { controllerFaults } from '#src/controllers/controller-faults.ts';
import { publishNotice } from '#src/controllers/publish-notice.ts';
import { saveController } from '#src/controllers/save-controller.ts';
import type { Actor } from '#src/staff/actor.ts';
import { actsOf, aMember } from '#tests/staff/desk.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const key = 'muster-werkzeuge';

describe.each(databases)('controllers on %s', (name) => {
  let test: TestApp;
  let legal: Actor;
  beforeEach(async () => {
    test = await openTestApp(name);
    legal = await aMember(test.app, 'legal');
  });
  afterEach(() => test.close());

  const required = async () => {
    const controller = await findController(test.app.db, key);
    if (!controller) throw new Error('no controller');
    return controller;
  };
  const save = async (change: Partial<ControllerDraft>, revision?: number) => {
    const controller = await required();
    const draft = { ...controllerDraftOf(controller), ...change };
    return saveController(test.app, legal, key, { revision: revision ?? controller.revision, draft });
  };

  it('saves the company', async () => {
    expect(await save({ address: 'Hauptstraße 2, 63450 Hanau' })).toEqual({ outcome: 'saved' });
    expect(await required()).toMatchObject({ address: 'Hauptstraße 2, 63450 Hanau', revision: 2 });
    expect(await actsOf(test.app, `controller:${key}`)).toEqual(['controller.changed']);
  });

  it('tells the second of two who edit at once', async () => {
    await save({ country: 'AT' });
    const result = await save({ country: 'CH' }, 1);
    expect(result).toMatchObject({
      outcome: 'changed_meanwhile',
      controller: { country: 'AT', revision: 2 },
    });
  });

  it('keeps every version of the privacy notice', async () => {
    const publish = (version: string) =>
      publishNotice(test.app, legal, key, { version, url: 'https://www.muster.example/neu', note: null });
    expect(await publish('2.0')).toEqual({ outcome: 'published' });
    expect(await publish('2.0')).toEqual({
      outcome: 'faulty',
      faults: [{ field: 'version', code: 'version_taken' }],
    });
    const { notices, ...controller } = await required();
    expect(controller).toMatchObject({
      privacy_version: '2.0',
      privacy_url: 'https://www.muster.example/neu',
    });
    expect(notices.map(({ version }) => version)).toEqual(['2.0', '1.0']);
  });

  it('adds a company with its first privacy notice', async () => {
    const draft = {
      ...controllerDraftOf(await required()),
      legal_name: 'Zweite GmbH',
      imprint: 'Zweite GmbH, Hanau',
    };
    const add = (newKey: string, url = 'https://zweite.example/datenschutz') =>
      addController(test.app, legal, { key: newKey, draft, notice: { version: '1.0', url } });
    expect(await add('zweite')).toEqual({ outcome: 'added' });
    expect(await add('zweite')).toEqual({ outcome: 'key_taken' });
    expect(await add('Zweite')).toEqual({ outcome: 'key_invalid' });
    expect(await add('dritte', 'javascript:alert(1)')).toMatchObject({ outcome: 'faulty' });
    expect((await findController(test.app.db, 'zweite'))?.notices).toHaveLength(1);
  });

  it('refuses who only reads', async () => {
    const agent = await aMember(test.app, 'agent');
    const change = saveController(test.app, agent, key, {
      revision: 1,
      draft: controllerDraftOf(await required()),
    });
    await expect(change).rejects.toThrow(/may not/);
  });
});

describe('what is wrong with a company', () => {
  const good: ControllerDraft = {
    legal_name: 'Muster GmbH',
    address: 'Musterstraße 1, 63452 Hanau',
    country: 'DE',
    privacy_email: 'datenschutz@muster.example',
    imprint: 'Muster GmbH\nHanau',
    mails_after_withdrawal: false,
    refuses_claimed: false,
  };

  it('is nothing when all is said', () => {
    expect(controllerFaults(good)).toEqual([]);
  });

  it.each<[string, Partial<ControllerDraft>, string]>([
    ['no name', { legal_name: '', imprint: 'x' }, 'legal_name missing'],
    ['a hidden character', { legal_name: 'Mus\u200bter GmbH', imprint: 'x' }, 'legal_name unreadable'],
    ['an address without a town', { address: 'Musterstraße 1' }, 'address no_postal_code'],
    ['a country in words', { country: 'Deutschland' }, 'country no_country'],
    ['no mail address', { privacy_email: 'datenschutz' }, 'privacy_email no_address'],
    ["another company's imprint", { imprint: 'Andere GmbH' }, 'imprint imprint_without_name'],
    ['a line that turns round', { imprint: 'Muster GmbH\n\u202etxet' }, 'imprint unreadable'],
  ])('is found for %s', (_what, change, fault) => {
    const found = controllerFaults({ ...good, ...change }).map(({ field, code }) => `${field} ${code}`);
    expect(found).toContain(fault);
  });
});
