import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { blockOf, sha256Of } from '#src/forms/browser/sha256.ts';
import { findCounter } from '#src/forms/browser/work.ts';
import { setProofOfWork } from '#src/forms/manage-form.ts';
import { type Challenge, newChallenge, type Proof, readProof } from '#src/limits/proof-of-work.ts';
import { requestSignup } from '#src/signups/request-signup.ts';
import { aMember } from '#tests/staff/desk.ts';
import { aClient, openTestApp, submission, type TestApp } from '#tests/support/app.ts';

/** What the script of the form sends, by the same code. */
function proofOf(challenge: Challenge): string {
  const solution = findCounter(challenge.parameters);
  return Buffer.from(JSON.stringify({ challenge, solution: { ...solution, time: 1 } })).toString('base64');
}

describe('the hash of the solver', () => {
  it('is SHA-256', () => {
    for (const text of ['', 'a', 'x'.repeat(36), 'y'.repeat(55)]) {
      const words = [...sha256Of(blockOf(Buffer.from(text)))];
      const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('');
      expect(hex).toBe(createHash('sha256').update(text).digest('hex'));
    }
  });
});

describe('proof of work', () => {
  let test: TestApp;

  beforeEach(async () => {
    test = await openTestApp('sqlite');
    test.app.config.limits = true;
    // The library looks at the clock of the machine.
    vi.useFakeTimers({ toFake: ['Date'] }).setSystemTime(test.app.now());
    await setProofOfWork(test.app, await aMember(test.app, 'marketing'), 'newsletter', true);
  });
  afterEach(async () => {
    vi.useRealTimers();
    await test.close();
  });

  const arrive = async (email: string, proof: Proof, network = '192.0.2.7') =>
    requestSignup(
      test.app,
      await submission(test.app, 'newsletter', { email, consent: 'product-news:email' }),
      { ...aClient, address: network },
      { proof },
    );

  it('takes a proof once, for its own form and for an hour', async () => {
    const { app } = test;
    const challenge = await newChallenge(app, 'newsletter');
    const field = proofOf(challenge);
    expect(await readProof(app, 'fair', field)).toEqual({ state: 'bad' });
    const proof = await readProof(app, 'newsletter', field);
    expect(proof).toEqual({ state: 'good', id: challenge.signature });
    expect(await arrive('a@example.org', proof)).toMatchObject({ outcome: 'accepted' });
    expect(await arrive('b@example.org', proof)).toEqual({ outcome: 'proof_used' });
    vi.setSystemTime(Date.now() + 61 * 60_000);
    expect(await readProof(app, 'newsletter', field)).toEqual({ state: 'bad' });
  });

  it('takes no other work, no forged challenge and no rubbish', async () => {
    const { app } = test;
    const challenge = await newChallenge(app, 'newsletter');
    const solution = findCounter(challenge.parameters) ?? { counter: 0, derivedKey: '' };
    const send = (sent: unknown) =>
      readProof(app, 'newsletter', Buffer.from(JSON.stringify(sent)).toString('base64'));
    const parameters = { ...challenge.parameters, keyPrefix: solution.derivedKey.slice(0, 2) };
    for (const wrong of [
      { challenge, solution: { ...solution, counter: solution.counter + 1 } },
      { challenge: { ...challenge, parameters }, solution },
      { challenge: { parameters: challenge.parameters }, solution },
      { challenge, solution: null },
      { challenge: { parameters: { data: { form: 'newsletter' }, algorithm: 'SHA-256' } }, solution: {} },
      [],
      null,
    ]) {
      expect(await send(wrong), JSON.stringify(wrong)).toEqual({ state: 'bad' });
    }
    expect(await readProof(app, 'newsletter', '%%%')).toEqual({ state: 'bad' });
    expect(await readProof(app, 'newsletter', '')).toEqual({ state: 'none' });
  });

  it('lets whoever brings no proof through more rarely, and never the one with a proof because of them', async () => {
    const { app } = test;
    for (let number = 0; number < 4; number += 1) {
      expect(await arrive(`n${number}@example.org`, { state: 'none' })).toMatchObject({
        outcome: 'accepted',
      });
    }
    expect(await arrive('b@example.org', { state: 'none' })).toEqual({
      outcome: 'too_many',
      retryAfterSeconds: 600,
    });
    const proof = await readProof(app, 'newsletter', proofOf(await newChallenge(app, 'newsletter')));
    expect(await arrive('b@example.org', proof)).toMatchObject({ outcome: 'accepted' });
  });

  it('ends at sixty an hour without proof, from however many networks', async () => {
    for (let number = 0; number < 60; number += 1) {
      const from = `10.${number}.1.1`;
      expect((await arrive(`n${number}@example.org`, { state: 'none' }, from)).outcome).toBe('accepted');
    }
    expect(await arrive('late@example.org', { state: 'none' }, '10.99.0.1')).toMatchObject({
      outcome: 'too_many',
    });
  });
});
