import type { App } from '#src/app/app.ts';
import type { ResponseHeaders } from './answer.ts';
import { ApiProblem } from './problem.ts';

/** Requests per minute and key. Each process counts for itself: this stops a loop by mistake, not an attacker. */
const most = 12_000;
const windowSeconds = 60;

interface Count {
  requests: number;
  endsAt: number;
}

const counts = new WeakMap<App, Map<string, Count>>();

/** Returns the `RateLimit` headers. Throws an ApiProblem above the limit. */
export function countRequest(app: App, keyId: string): ResponseHeaders {
  const now = app.now().getTime();
  const all = counts.get(app) ?? new Map<string, Count>();
  counts.set(app, all);
  const before = all.get(keyId);
  const count = before && before.endsAt > now ? before : { requests: 0, endsAt: now + windowSeconds * 1000 };
  count.requests++;
  all.set(keyId, count);
  const seconds = Math.ceil((count.endsAt - now) / 1000);
  const headers = {
    'RateLimit-Policy': `"default";q=${most};w=${windowSeconds}`,
    RateLimit: `"default";r=${Math.max(0, most - count.requests)};t=${seconds}`,
  };
  if (app.config.limits && count.requests > most) {
    throw new ApiProblem(429, `This key may send ${most} requests a minute.`, {
      headers: { ...headers, 'Retry-After': String(seconds) },
    });
  }
  return headers;
}
