import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addKiosk, endKiosk, kiosksOf, openKiosk } from '#src/forms/kiosks.ts';
import { setProofOfWork } from '#src/forms/manage-form.ts';
import { newId } from '#src/ids/new-id.ts';
import { kioskPass } from '#src/links/kiosk-link.ts';
import { requestSignup } from '#src/signups/request-signup.ts';
import { type Actor, NotAllowed } from '#src/staff/actor.ts';
import { actsOf, aMember } from '#tests/staff/desk.ts';
import { aClient, openTestApp, submission, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('a kiosk at a fair on %s', (name) => {
  let test: TestApp;
  let marketer: Actor;
  beforeEach(async () => {
    test = await openTestApp(name);
    test.app.config.limits = true;
    marketer = await aMember(test.app, 'marketing');
  });
  afterEach(() => test.close());

  // The clock of the tests stands at 2 November 2026.
  const days = { source: 'Messe, Tablet 1', from: '2026-11-02', to: '2026-11-03' };
  const made = async (entry = days, key = 'fair') => {
    expect(await addKiosk(test.app, marketer, key, entry)).toEqual({ outcome: 'done' });
    const [newest] = await kiosksOf(test.app, key);
    if (!newest) throw new Error('no kiosk');
    return { ...newest, pass: kioskPass(test.app.keys, newest.id) };
  };
  const formId = async (key: string) =>
    (await test.app.db.selectFrom('forms').select('id').where('key', '=', key).executeTakeFirstOrThrow()).id;
  const opens = async (pass: string, key = 'fair') => openKiosk(test.app, await formId(key), pass);
  const arrive = async (email: string, kiosk?: string) => {
    const sent = await submission(test.app, 'fair', { email, consent: 'product-news:email' });
    return (await requestSignup(test.app, sent, aClient, { kiosk })).outcome;
  };
  const many = async (count: number, kiosk?: string) => {
    const outcomes: string[] = [];
    for (let number = 0; number < count; number += 1) {
      outcomes.push(await arrive(`v${number}-${kiosk ?? 'none'}@example.org`, kiosk));
    }
    return outcomes.filter((outcome) => outcome === 'accepted').length;
  };

  it('takes thirty in ten minutes where others from its network may send twelve, each device for itself', async () => {
    const one = await made();
    const other = await made({ ...days, source: 'Messe, Tablet 2' });
    expect(await many(31, one.id)).toBe(30);
    expect(await many(2, other.id)).toBe(2);
    // What the stand sends uses up nobody else's limit.
    expect(await many(13)).toBe(12);
    test.pass({ minutes: 10 });
    expect(await arrive('later@example.org', one.id)).toBe('accepted');
  });

  it('stands in for the proof of work, for its device may run no script', async () => {
    const { id } = await made();
    await setProofOfWork(test.app, marketer, 'fair', true);
    expect(await many(8, id)).toBe(8);
    expect(await many(6)).toBe(4);
  });

  it('is open on its days only, by the calendar in Germany, for its form only', async () => {
    const { id, pass } = await made({ ...days, from: '2026-11-03', to: '2026-11-03' });
    expect(await opens(pass)).toBeUndefined();
    test.pass({ hours: 14, minutes: 1 });
    expect(test.app.now().toISOString()).toBe('2026-11-02T23:01:00.000Z');
    expect(await opens(pass)).toBe(id);
    expect(await opens(pass, 'newsletter')).toBeUndefined();
    test.pass({ days: 1 });
    expect(await opens(pass)).toBeUndefined();
    expect((await kiosksOf(test.app, 'fair')).map(({ state }) => state)).toEqual(['over']);
  });

  it('ends at once when the desk says so, and only at its own form', async () => {
    const { id, pass } = await made();
    await endKiosk(test.app, marketer, 'newsletter', id);
    expect(await opens(pass)).toBe(id);
    await endKiosk(test.app, marketer, 'fair', id);
    expect(await opens(pass)).toBeUndefined();
    expect((await kiosksOf(test.app, 'fair'))[0]?.state).toBe('ended');
    expect(await actsOf(test.app, 'form:fair')).toEqual(['form.kiosk', 'form.kiosk_ended']);
  });

  it('cannot be made up: no pass is stored, and one that was altered or never signed opens nothing', async () => {
    const { id, pass } = await made();
    expect(await opens(pass)).toBe(id);
    const altered = `${pass.slice(0, -2)}${pass.at(-2) === 'A' ? 'B' : 'A'}${pass.at(-1)}`;
    for (const wrong of [
      '',
      '1',
      id,
      altered,
      `${pass}A`,
      'A'.repeat(43),
      kioskPass(test.app.keys, newId()),
    ]) {
      expect(await opens(wrong), wrong).toBeUndefined();
    }
    const rows = await test.app.db.selectFrom('form_kiosks').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(pass);
  });

  it('says of each entry what is wrong with it, and is for those who may change forms', async () => {
    const faults = async (entry: Partial<typeof days>) => {
      const result = await addKiosk(test.app, marketer, 'fair', { ...days, ...entry });
      return 'faults' in result ? result.faults.map(({ field, code }) => `${field} ${code}`) : [];
    };
    expect(await faults({ source: ' ' })).toEqual(['source source']);
    expect(await faults({ from: '', to: '2026-02-30' })).toEqual(['from no_day', 'to no_day']);
    expect(await faults({ from: '2026-11-01', to: '2026-11-01' })).toEqual(['to over']);
    expect(await faults({ from: '2026-11-05', to: '2026-11-04' })).toEqual(['to before']);
    expect(await faults({ to: '2026-11-16' })).toEqual(['to too_long']);
    expect(await faults({ to: '2026-11-15' })).toEqual([]);
    const agent = await aMember(test.app, 'agent');
    await expect(addKiosk(test.app, agent, 'fair', days)).rejects.toThrow(NotAllowed);
    await expect(endKiosk(test.app, agent, 'fair', newId())).rejects.toThrow(NotAllowed);
    expect(await addKiosk(test.app, marketer, 'nothing', days)).toEqual({ outcome: 'unknown' });
  });
});
