import { setTimeout } from 'node:timers/promises';
import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { countHits, forgetHits, type Limit, unhit } from '#src/limits/count-hits.ts';
import type { Recognition } from './recognise-visitor.ts';

/**
 * Limits for guessing passwords and codes: each wrong attempt is slower, and after a few the account is locked.
 *
 * The counters are in the database, so a restart does not reset them. Recognised browsers and networks have counters of
 * their own, so that an attacker cannot lock out the owner.
 */
export interface Attempts {
  limits: Limit[];
}

export type AttemptResult = { outcome: 'allowed'; attempts: Attempts } | Locked;

interface Locked {
  outcome: 'locked';
  retryAfterSeconds: number;
}

/** Limits in the order they are used: when a recognised browser has used up its own, the general limits apply. */
export function passwordAttempts(email: string, network: string, recognition: Recognition): Attempts[] {
  const here = { rule: 'staff-password', subject: `${email} ${network}`, most: 10, minutes: 15 };
  const strangers = [
    { rule: 'staff-account', subject: email, most: 50, minutes: 15 },
    { rule: 'staff-network', subject: network, most: 30, minutes: 15 },
  ];
  const browser = { rule: 'staff-browser', subject: recognition.browser ?? '', most: 10, minutes: 15 };
  return [
    ...(recognition.browser ? [{ limits: [browser] }] : []),
    { limits: recognition.network ? [here] : [here, ...strangers] },
  ];
}

/** Within an open session, only its own attempts count. */
export function sessionAttempts(sessionId: string): Attempts[] {
  return [{ limits: [{ rule: 'staff-session', subject: sessionId, most: 10, minutes: 15 }] }];
}

/** Stricter than for passwords: three of a million codes are valid at any time. */
export function codeAttempts(staffId: string, network: string, recognition: Recognition): Attempts[] {
  const counted = (subject: string): Attempts => ({
    limits: [
      { rule: 'staff-code', subject, most: 5, minutes: 15 },
      { rule: 'staff-code-day', subject, most: 30, minutes: 24 * 60 },
    ],
  });
  return [
    ...(recognition.browser ? [counted(`${staffId} ${recognition.browser}`)] : []),
    counted(recognition.network ? `${staffId} ${network}` : staffId),
  ];
}

/** Counts the attempt before the answer is checked, so that concurrent attempts are all counted. */
export async function countAttempt(app: App, ways: Attempts[]): Promise<AttemptResult> {
  let result: AttemptResult = { outcome: 'locked', retryAfterSeconds: 1 };
  for (const attempts of ways) {
    result = await countOne(app, attempts);
    if (result.outcome === 'allowed') return result;
  }
  return result;
}

async function countOne(app: App, attempts: Attempts): Promise<AttemptResult> {
  if (!app.config.limits) return { outcome: 'allowed', attempts };
  const now = app.now();
  const hits = await app.db.transaction().execute((tx) => countHits(tx, app.keys, attempts.limits, now));
  const locked = hits.filter((hit) => hit.exceeded);
  if (locked.length > 0) {
    const until = Math.max(...locked.map((hit) => Date.parse(hit.resetsAt)));
    return { outcome: 'locked', retryAfterSeconds: Math.max(1, Math.ceil((until - now.getTime()) / 1000)) };
  }
  await setTimeout(delayAfter((hits[0]?.count ?? 1) - 1));
  return { outcome: 'allowed', attempts };
}

/** Resets the counters after a correct answer. */
export async function resetAttempts(tx: Tx, app: App, { limits }: Attempts): Promise<void> {
  const [own, ...shared] = limits;
  if (!app.config.limits || !own) return;
  await forgetHits(tx, app.keys, [own]);
  if (shared.length > 0) await unhit(tx, app.keys, shared);
}

/** Milliseconds: none up to three wrong answers, then 250 ms, doubling, at most two seconds. */
export function delayAfter(wrong: number): number {
  return wrong <= 3 ? 0 : Math.min(2000, 250 * 2 ** (wrong - 4));
}
