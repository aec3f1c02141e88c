/** 14 attempts within about two days: 5 s, 20 s, 80 s, … and from then on every 6 hours. */
export const mostAttempts = 14;

const firstSeconds = 5;
const growth = 4;
const longestSeconds = 6 * 60 * 60;

/**
 * When to try again after so many attempts. Full jitter: mails that failed together do not come back together
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). A provider that says how long to
 * wait is believed.
 */
export function retryAt(attempts: number, now: Date, retryAfterSeconds = 0, random = Math.random): Date {
  const ceiling = Math.min(longestSeconds, firstSeconds * growth ** (attempts - 1));
  const seconds = Math.max(1, random() * ceiling, retryAfterSeconds);
  return new Date(now.getTime() + seconds * 1000);
}
