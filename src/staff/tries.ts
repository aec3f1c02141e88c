import { setTimeout } from 'node:timers/promises';
import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app.ts';
import { countHits, forgetHits, type Limit, unhit } from '#src/limits/count-hits.ts';

/**
 * Guessing at passwords and codes: slower with every wrong answer, and over after a few.
 *
 * The counts lie in the database, so a restart forgives nobody. Somebody else's guesses from another network
 * lock an account only when there are very many of them: nobody is to be kept from work by a stranger.
 */
export interface Tries {
  limits: Limit[];
}

export type TryResult = { outcome: 'may_try' } | { outcome: 'locked'; retryAfterSeconds: number };

export function passwordTries(email: string, network: string): Tries {
  return {
    limits: [
      { rule: 'staff-password', subject: `${email} ${network}`, most: 10, minutes: 15 },
      { rule: 'staff-account', subject: email, most: 50, minutes: 15 },
      { rule: 'staff-network', subject: network, most: 30, minutes: 15 },
    ],
  };
}

/** Three of a million codes are right at any time. */
export function codeTries(staffId: string): Tries {
  return {
    limits: [
      { rule: 'staff-code', subject: staffId, most: 5, minutes: 15 },
      { rule: 'staff-code-day', subject: staffId, most: 30, minutes: 24 * 60 },
    ],
  };
}

/** Counted before the answer is looked at, so that tries sent at once do not share one. */
export async function takeTry(app: App, { limits }: Tries): Promise<TryResult> {
  if (!app.config.limits) return { outcome: 'may_try' };
  const now = app.now();
  const hits = await app.db.transaction().execute((tx) => countHits(tx, app.keys, limits, now));
  const locked = hits.filter((hit) => hit.exceeded);
  if (locked.length > 0) {
    const until = Math.max(...locked.map((hit) => Date.parse(hit.resetsAt)));
    return { outcome: 'locked', retryAfterSeconds: Math.max(1, Math.ceil((until - now.getTime()) / 1000)) };
  }
  await setTimeout(delayAfter((hits[0]?.count ?? 1) - 1));
  return { outcome: 'may_try' };
}

/** The answer was right: it was no guess. */
export async function forgiveTries(tx: Tx, app: App, { limits }: Tries): Promise<void> {
  const [own, ...shared] = limits;
  if (!app.config.limits || !own) return;
  await forgetHits(tx, app.keys, [own]);
  await unhit(tx, app.keys, shared);
}

/** Milliseconds: nothing after three wrong answers, then a quarter of a second, doubling, two seconds at most. */
export function delayAfter(wrong: number): number {
  return wrong <= 3 ? 0 : Math.min(2000, 250 * 2 ** (wrong - 4));
}
