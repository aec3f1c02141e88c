import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findForm } from '#src/forms/find-form.ts';
import { openAlarms } from '#src/forms/form-alarms.ts';
import { acknowledgeAlarms, closeForm, reopenForm, setLimits } from '#src/forms/manage-form.ts';
import { addShortLink, findShortLink, shortLinksOf } from '#src/forms/short-links.ts';
import { usualLimits } from '#src/limits/form-limits.ts';
import { requestSignup } from '#src/signups/request-signup.ts';
import { watchForms } from '#src/signups/watch-forms.ts';
import { type Actor, NotAllowed } from '#src/staff/actor.ts';
import { actsOf, aMember } from '#tests/staff/desk.ts';
import { aClient, openTestApp, submission, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('running a form on %s', (name) => {
  let test: TestApp;
  let marketer: Actor;

  beforeEach(async () => {
    test = await openTestApp(name);
    test.app.config.limits = true;
    marketer = await aMember(test.app, 'marketing');
  });
  afterEach(() => test.close());

  const arrive = async (form: string, email: string, address = aClient.address) => {
    const sent = await submission(test.app, form, { email, consent: 'product-news:email' });
    return (await requestSignup(test.app, sent, { ...aClient, address })).outcome;
  };

  it('closes and opens again, with a sentence of its own or the usual one', async () => {
    const { app } = test;
    const words = { de: 'Im Januar wieder.', en: 'Back in January.' };
    await closeForm(app, marketer, 'newsletter', words);
    const closed = await findForm(app.db, 'newsletter');
    expect(closed).toMatchObject({ closedAt: app.now().toISOString(), switches: { closedWords: words } });
    await reopenForm(app, marketer, 'newsletter');
    await closeForm(app, marketer, 'newsletter', null);
    expect((await findForm(app.db, 'newsletter'))?.switches.closedWords).toBeNull();
    expect(await actsOf(app, 'form:newsletter')).toEqual(['form.closed', 'form.reopened', 'form.closed']);
    expect(await closeForm(app, marketer, 'nothing', null)).toEqual({ outcome: 'unknown' });
    await expect(closeForm(app, await aMember(app, 'agent'), 'newsletter', null)).rejects.toThrow(NotAllowed);
  });

  it('takes as many from a network as the form says, without using up those of other forms', async () => {
    const { app } = test;
    expect(await setLimits(app, marketer, 'fair', { ...usualLimits, networkMost: 8 })).toEqual({
      outcome: 'done',
    });
    for (let number = 0; number < 8; number += 1) {
      expect(await arrive('fair', `stand${number}@example.org`)).toBe('accepted');
    }
    expect(await arrive('fair', 'ninth@example.org')).toBe('too_many');
    expect(await arrive('newsletter', 'ninth@example.org')).toBe('accepted');
  });

  it('takes as many in an hour as the form says, wherever they come from', async () => {
    const { app, pass } = test;
    await setLimits(app, marketer, 'newsletter', { ...usualLimits, formAnHour: 10 });
    for (let number = 0; number < 10; number += 1) {
      expect(await arrive('newsletter', `p${number}@example.org`, `10.0.${number}.1`)).toBe('accepted');
    }
    expect(await arrive('newsletter', 'eleventh@example.org', '10.9.9.9')).toBe('too_many');
    pass({ hours: 1 });
    expect(await arrive('newsletter', 'eleventh@example.org', '10.9.9.9')).toBe('accepted');
  });

  it('keeps limits within their bounds', async () => {
    const limits = { networkMost: 0, networkMinutes: 1.5, formAnHour: 9, minimumFillSeconds: 31 };
    const result = await setLimits(test.app, marketer, 'newsletter', limits);
    expect(result).toMatchObject({ outcome: 'faulty', faults: [{}, {}, {}, {}] });
    expect((await findForm(test.app.db, 'newsletter'))?.switches.limits).toEqual(usualLimits);
  });

  it('shows an alarm at the desk once, until somebody has seen it', async () => {
    const { app, pass } = test;
    for (let number = 0; number < 31; number += 1) {
      await arrive('newsletter', `b${number}@example.org`, `10.3.${number}.1`);
    }
    await watchForms(app);
    await watchForms(app);
    const hour = app.now().toISOString().slice(0, 13);
    expect(await openAlarms(app.db)).toMatchObject([
      { form: 'newsletter', hour, signups: 31, hourlyMean: 0 },
    ]);
    await acknowledgeAlarms(app, marketer, 'newsletter');
    pass({ minutes: 5 });
    await watchForms(app);
    expect(await openAlarms(app.db, 'newsletter')).toEqual([]);
    expect(await actsOf(app, 'form:newsletter')).toEqual(['form.alarms_seen']);
  });

  it('makes short links that name where they hung', async () => {
    const { app } = test;
    const made = await addShortLink(app, marketer, 'fair', '  Messe   Hannover ');
    const code = 'code' in made ? made.code : '';
    expect(code).toMatch(/^[2-9B-Z]{6}$/);
    const found = { form: 'fair', source: 'Messe Hannover' };
    expect(await findShortLink(app.db, code)).toEqual(found);
    expect(await findShortLink(app.db, code.toLowerCase())).toEqual(found);
    expect(await findShortLink(app.db, 'BBBBBB2')).toBeUndefined();
    expect(await shortLinksOf(app.db, 'fair')).toMatchObject([{ code, source: 'Messe Hannover' }]);
    for (const wrong of ['', 'x'.repeat(61), 'a\u0000b']) {
      expect(await addShortLink(app, marketer, 'fair', wrong)).toEqual({ outcome: 'faulty' });
    }
  });
});
