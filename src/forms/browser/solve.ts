import type { Challenge } from 'altcha-lib/types';
import type { Solution, Work } from './work.ts';

const timeoutMillis = 20_000;

/** The value of the field `altcha`; `undefined` if the browser cannot compute it in time. */
export async function solve(challenge: Challenge): Promise<string | undefined> {
  const { nonce, salt, keyPrefix } = challenge.parameters;
  const began = performance.now();
  const solution = await runWorker({ nonce, salt, keyPrefix });
  if (!solution) return undefined;
  const time = Math.round(performance.now() - began);
  return btoa(JSON.stringify({ challenge, solution: { ...solution, time } }));
}

/** `undefined` if the server cannot be reached. */
export async function fetchChallenge(api: string): Promise<Challenge | undefined> {
  try {
    const answer = await fetch(api, { credentials: 'omit', cache: 'no-store' });
    const body = (await answer.json()) as { altcha?: Challenge };
    return body.altcha;
  } catch {
    return undefined;
  }
}

export function isExpired(challenge: Challenge): boolean {
  return (challenge.parameters.expiresAt ?? Infinity) * 1000 < Date.now() + 30_000;
}

function runWorker(work: Work): Promise<Solution | undefined> {
  return new Promise((resolve) => {
    try {
      const worker = new Worker(new URL('./proof-worker.ts', import.meta.url), { type: 'module' });
      const end = (solution?: Solution) => {
        clearTimeout(tooLong);
        worker.terminate();
        resolve(solution);
      };
      const tooLong = setTimeout(end, timeoutMillis);
      worker.onmessage = ({ data }: MessageEvent<Solution | undefined>) => end(data);
      worker.onerror = () => end();
      worker.postMessage(work);
    } catch {
      resolve(undefined);
    }
  });
}
