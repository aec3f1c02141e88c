import type { Challenge } from 'altcha-lib/types';
import type { Solution } from './work.ts';

const longestMillis = 20_000;

/** The proof to send in the field `altcha`. Undefined where the browser cannot do the work. */
export async function solve(challenge: Challenge): Promise<string | undefined> {
  const { nonce, salt, keyPrefix } = challenge.parameters;
  const began = performance.now();
  const solution = await work({ nonce, salt, keyPrefix });
  if (!solution) return undefined;
  const time = Math.round(performance.now() - began);
  return btoa(JSON.stringify({ challenge, solution: { ...solution, time } }));
}

/** A challenge that nobody has solved yet. */
export async function fetchChallenge(api: string): Promise<Challenge | undefined> {
  try {
    const answer = await fetch(api, { credentials: 'omit', cache: 'no-store' });
    const body = (await answer.json()) as { altcha?: Challenge };
    return body.altcha;
  } catch {
    return undefined;
  }
}

export function isOver(challenge: Challenge): boolean {
  return (challenge.parameters.expiresAt ?? Infinity) * 1000 < Date.now() + 30_000;
}

function work(asked: { nonce: string; salt: string; keyPrefix: string }): Promise<Solution | undefined> {
  return new Promise((resolve) => {
    try {
      const worker = new Worker(new URL('./proof-worker.ts', import.meta.url), { type: 'module' });
      const end = (solution?: Solution) => {
        clearTimeout(tooLong);
        worker.terminate();
        resolve(solution);
      };
      const tooLong = setTimeout(end, longestMillis);
      worker.onmessage = ({ data }: MessageEvent<Solution | undefined>) => end(data);
      worker.onerror = () => end();
      worker.postMessage(asked);
    } catch {
      resolve(undefined);
    }
  });
}
