import { setTimeout } from 'node:timers/promises';
import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { countHits, forgetHits, type Limit, unhit } from '#src/limits/count-hits.ts';
import type { Familiarity } from './known-visitors.ts';

/**
 * Guessing at passwords and codes: slower with every wrong answer, and over after a few.
 *
 * The counts lie in the database, so a restart forgives nobody. A browser and a network that signed in to the account
 * before have counts of their own, so somebody else's guesses never lock them out.
 */
export interface Tries {
  limits: Limit[];
}

export type TryResult = { outcome: 'may_try'; tries: Tries } | Locked;

interface Locked {
  outcome: 'locked';
  retryAfterSeconds: number;
}

/** What may be used up, one after the other: a browser that used up its own is treated like any other. */
export function passwordTries(email: string, network: string, known: Familiarity): Tries[] {
  const here = { rule: 'staff-password', subject: `${email} ${network}`, most: 10, minutes: 15 };
  const strangers = [
    { rule: 'staff-account', subject: email, most: 50, minutes: 15 },
    { rule: 'staff-network', subject: network, most: 30, minutes: 15 },
  ];
  const browser = { rule: 'staff-browser', subject: known.browser ?? '', most: 10, minutes: 15 };
  return [
    ...(known.browser ? [{ limits: [browser] }] : []),
    { limits: known.network ? [here] : [here, ...strangers] },
  ];
}

/** In a session that is open already nobody else's tries count. */
export function sessionTries(sessionId: string): Tries[] {
  return [{ limits: [{ rule: 'staff-session', subject: sessionId, most: 10, minutes: 15 }] }];
}

/** Three of a million codes are right at any time. */
export function codeTries(staffId: string, network: string, known: Familiarity): Tries[] {
  const counted = (subject: string): Tries => ({
    limits: [
      { rule: 'staff-code', subject, most: 5, minutes: 15 },
      { rule: 'staff-code-day', subject, most: 30, minutes: 24 * 60 },
    ],
  });
  return [
    ...(known.browser ? [counted(`${staffId} ${known.browser}`)] : []),
    counted(known.network ? `${staffId} ${network}` : staffId),
  ];
}

/** Counted before the answer is looked at, so that tries sent at once do not share one. */
export async function takeTry(app: App, ways: Tries[]): Promise<TryResult> {
  let result: TryResult = { outcome: 'locked', retryAfterSeconds: 1 };
  for (const tries of ways) {
    result = await takeOf(app, tries);
    if (result.outcome === 'may_try') return result;
  }
  return result;
}

async function takeOf(app: App, tries: Tries): Promise<TryResult> {
  if (!app.config.limits) return { outcome: 'may_try', tries };
  const now = app.now();
  const hits = await app.db.transaction().execute((tx) => countHits(tx, app.keys, tries.limits, now));
  const locked = hits.filter((hit) => hit.exceeded);
  if (locked.length > 0) {
    const until = Math.max(...locked.map((hit) => Date.parse(hit.resetsAt)));
    return { outcome: 'locked', retryAfterSeconds: Math.max(1, Math.ceil((until - now.getTime()) / 1000)) };
  }
  await setTimeout(delayAfter((hits[0]?.count ?? 1) - 1));
  return { outcome: 'may_try', tries };
}

/** The answer was right: it was no guess. */
export async function forgiveTries(tx: Tx, app: App, { limits }: Tries): Promise<void> {
  const [own, ...shared] = limits;
  if (!app.config.limits || !own) return;
  await forgetHits(tx, app.keys, [own]);
  if (shared.length > 0) await unhit(tx, app.keys, shared);
}

/** Milliseconds: nothing after three wrong answers, then a quarter of a second, doubling, two seconds at most. */
export function delayAfter(wrong: number): number {
  return wrong <= 3 ? 0 : Math.min(2000, 250 * 2 ** (wrong - 4));
}
