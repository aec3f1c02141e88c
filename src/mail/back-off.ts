/** 14 attempts within about two days: 5 s, 20 s, 80 s, … and from then on every 6 hours. */
export const maxAttempts = 14;

const firstSeconds = 5;
const growth = 4;
const longestSeconds = 6 * 60 * 60;

/**
 * When to retry after this many attempts. Full jitter, so that mails that failed together are not retried together
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). Respects the provider's Retry-After.
 */
export function retryAt(attempts: number, now: Date, retryAfterSeconds = 0, random = Math.random): Date {
  const ceiling = Math.min(longestSeconds, firstSeconds * growth ** (attempts - 1));
  const seconds = Math.max(1, random() * ceiling, retryAfterSeconds);
  return new Date(now.getTime() + seconds * 1000);
}
