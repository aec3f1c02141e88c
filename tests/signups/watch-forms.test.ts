import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestSignup } from '#src/signups/request-signup.ts';
import { watchForms } from '#src/signups/watch-forms.ts';
import { aClient, openTestApp, submission, type TestApp } from '#tests/support/app.ts';

describe('watchForms', () => {
  let test: TestApp;
  let lines: string[];
  beforeEach(async () => {
    test = await openTestApp('sqlite');
    test.app.config.limits = true;
    lines = [];
    test.app.log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  });
  afterEach(() => test.close());

  const comeIn = async (form: string, count: number, from: string) => {
    for (let number = 0; number < count; number += 1) {
      const fields = { email: `${from}${number}@example.org`, consent: 'product-news:email' };
      const address = `10.${from.length}.${number}.1`;
      await requestSignup(test.app, await submission(test.app, form, fields), { ...aClient, address });
    }
  };

  it('sounds an alarm when a form gets ten times its hourly mean, and names the form', async () => {
    await comeIn('fair', 24, 'calm');
    test.pass({ hours: 1 });
    await comeIn('newsletter', 31, 'burst');
    expect(await watchForms(test.app)).toEqual({ alarms: 1 });
    const bursts = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'form.burst');
    expect(bursts).toMatchObject([
      { msg: 'form.burst', form: 'newsletter', signups_this_hour: 31, hourly_mean: 0 },
    ]);
  });

  it('stays calm while a form gets what it usually gets', async () => {
    await comeIn('newsletter', 100, 'usual');
    test.pass({ hours: 1 });
    await comeIn('newsletter', 35, 'today');
    expect(await watchForms(test.app)).toEqual({ alarms: 0 });
  });
});
