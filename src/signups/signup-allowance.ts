import type { Reader, Tx } from '#db/connect.ts';
import type { ActRows } from '#db/writes.ts';
import type { App } from '#src/app/app.ts';
import type { PublishedForm } from '#src/forms/form-definition.ts';
import { type Client, networkLimits } from '#src/limits/client.ts';
import { countHits, countNarrowFirst, countWithin, type Limit } from '#src/limits/count-hits.ts';
import { type FormLimits, kioskLimit, ownLimits, withoutProof } from '#src/limits/form-limits.ts';
import { type Proof, proofUse } from '#src/limits/proof-of-work.ts';
import { readHits } from '#src/limits/read-hits.ts';
import { formHour } from './form-hours.ts';

export type SignupAllowance =
  | { outcome: 'allowed' }
  | { outcome: 'too_many'; retryAfterSeconds: number }
  | { outcome: 'proof_used' };

/** What speaks for a submission. */
export interface Brought {
  proof: Proof;
  /** The kiosk that sent it. */
  kiosk?: string;
}

/** Counts a signup and says whether the form, the network it came from and its proof of work allow it. */
export async function allowSignup(
  tx: Tx,
  app: App,
  form: PublishedForm,
  client: Client,
  at: Date,
  brought: Brought,
): Promise<SignupAllowance> {
  if (!app.config.limits) return { outcome: 'allowed' };
  const counts = countsOf(form, client, brought, at);
  const { proof } = brought;
  if (form.switches.proofOfWork && proof.state === 'good') {
    const [use] = await countHits(tx, app.keys, [proofUse(proof.id)], at);
    if (use?.exceeded) return { outcome: 'proof_used' };
  }
  const hits = await countNarrowFirst(tx, app.keys, counts, at);
  const exceeded = hits.filter((hit) => hit.exceeded);
  if (exceeded.length === 0) return { outcome: 'allowed' };
  const until = Math.max(...exceeded.map((hit) => Date.parse(hit.resetsAt)));
  return {
    outcome: 'too_many',
    retryAfterSeconds: Math.max(1, Math.ceil((until - at.getTime()) / 1000)),
  };
}

/** Whether a limit is used up already, so that an act that counts one more would always be refused. */
export async function isUsedUp(
  reader: Reader,
  app: App,
  form: PublishedForm,
  client: Client,
  at: Date,
  brought: Brought,
): Promise<boolean> {
  if (!app.config.limits) return false;
  const counts = countsOf(form, client, brought, at);
  const hits = await readHits(reader, app.keys, counts, at);
  return counts.some(({ most }, index) => (hits[index] ?? 0) >= most);
}

/** Counts a signup in an act, which is refused when `allowSignup` would not allow it. */
export async function countSignup(
  to: ActRows,
  app: App,
  form: PublishedForm,
  client: Client,
  at: Date,
  brought: Brought,
): Promise<void> {
  if (!app.config.limits) return;
  const { proof } = brought;
  const uses = form.switches.proofOfWork && proof.state === 'good' ? [proofUse(proof.id)] : [];
  await countWithin(to, app.keys, [...uses, ...countsOf(form, client, brought, at)], at);
}

/** The limits that hold for what came with this. */
export function limitsFor(form: PublishedForm, brought: Brought): FormLimits {
  const { limits } = form.switches;
  return isUnproved(form, brought) ? withoutProof(limits) : limits;
}

/** Somebody at the desk has vouched for the kiosk, which may run no script. */
function isUnproved(form: PublishedForm, { proof, kiosk }: Brought): boolean {
  return form.switches.proofOfWork && proof.state !== 'good' && kiosk === undefined;
}

function countsOf(form: PublishedForm, client: Client, brought: Brought, at: Date): Limit[] {
  const limits = limitsFor(form, brought);
  const unproved = isUnproved(form, brought);
  // A form with a limit of its own counts for itself: a busy stand at a fair blocks no other form.
  const { networkMost, networkMinutes } = ownLimits(form.switches.limits);
  const own = networkMost !== undefined || networkMinutes !== undefined;
  return [
    // First, and without an end: attempts that are turned away are part of an attack as well.
    formHour(form.id, at),
    ...(brought.kiosk !== undefined
      ? [{ rule: 'signup-kiosk', subject: brought.kiosk, ...kioskLimit }]
      : networkLimits(client, {
          rule: unproved ? 'unproved-network' : 'signup-network',
          ...(own || unproved ? { within: form.id } : {}),
          most: limits.networkMost,
          minutes: limits.networkMinutes,
        })),
    ...(limits.formAnHour === null
      ? []
      : [
          {
            rule: unproved ? 'unproved-form' : 'signup-form',
            subject: form.id,
            most: limits.formAnHour,
            minutes: 60,
          },
        ]),
  ];
}
