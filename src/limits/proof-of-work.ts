/**
 * Optional proof of work (ALTCHA): the browser computes it in the background; people are never asked a puzzle. A tenth of a
 * second is nothing for one signup and a lot for a million. A challenge is signed, belongs to one form and expires; each
 * proof counts once.
 */
import { randomInt } from 'node:crypto';
import { type Challenge, createChallenge, type Payload, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/sha';
import type { App } from '#src/app/app.ts';

export type { Challenge };

/** What came with a submission: nothing, a valid proof, or an invalid one. */
export type Proof = { state: 'none' } | { state: 'good'; id: string } | { state: 'bad' };

export const noProof: Proof = { state: 'none' };

export const challengeMinutes = 60;

/** The limit that lets a proof be used once, for as long as it is valid. */
export function proofUse(id: string) {
  return { rule: 'proof', subject: id, most: 1, minutes: challengeMinutes + 5 };
}

export async function newChallenge(app: App, form: string): Promise<Challenge> {
  return createChallenge({
    algorithm: 'SHA-256',
    cost: 1,
    // The answer is one of these numbers, so the work is bounded: about a second on a slow phone.
    counter: randomInt(leastWork, mostWork),
    deriveKey,
    data: { form },
    expiresAt: new Date(app.now().getTime() + challengeMinutes * 60_000),
    hmacSignatureSecret: secretOf(app),
  });
}

/** Reads what the browser sent in the field `altcha`. Whether it was used before is checked when it is counted. */
export async function readProof(app: App, form: string, field: string | undefined): Promise<Proof> {
  if (!field) return noProof;
  const payload = parsePayload(field);
  if (!payload) return { state: 'bad' };
  const { challenge, solution } = payload;
  if (challenge.parameters.data?.form !== form || challenge.parameters.algorithm !== 'SHA-256') {
    return { state: 'bad' };
  }
  const { verified } = await verifySolution({
    challenge,
    solution,
    deriveKey,
    hmacSignatureSecret: secretOf(app),
  }).catch(() => ({ verified: false }));
  return verified && challenge.signature ? { state: 'good', id: challenge.signature } : { state: 'bad' };
}

const leastWork = 40_000;
const mostWork = 120_000;
const longestField = 4000;

function secretOf({ keys }: App): string {
  return keys.proofOfWork.export().toString('hex');
}

function parsePayload(field: string): Payload | undefined {
  if (field.length > longestField) return undefined;
  try {
    const payload = JSON.parse(Buffer.from(field, 'base64').toString('utf8')) as Partial<Payload>;
    const parameters = payload.challenge?.parameters;
    const whole = parameters && typeof parameters === 'object' && payload.solution;
    return whole ? (payload as Payload) : undefined;
  } catch {
    return undefined;
  }
}
