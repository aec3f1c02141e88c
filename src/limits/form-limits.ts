import { signupLimits } from './defaults.ts';

/** What a form takes from one network, in all, and how fast. */
export interface FormLimits {
  networkMost: number;
  networkMinutes: number;
  /** Signups of the form in an hour, wherever they come from. Null: as many as come. */
  formAnHour: number | null;
  minimumFillSeconds: number;
}

export const usualLimits: FormLimits = {
  networkMost: signupLimits.perNetwork.most,
  networkMinutes: signupLimits.perNetwork.minutes,
  formAnHour: null,
  minimumFillSeconds: signupLimits.minimumFillSeconds,
};

/** One device at a stand, for which somebody at the desk answers: a person every twenty seconds. */
export const kioskLimit = { most: 30, minutes: 10 } as const;

/** How far each may be set. */
export const limitBounds: Record<keyof FormLimits, { from: number; to: number }> = {
  networkMost: { from: 1, to: 500 },
  networkMinutes: { from: 1, to: 24 * 60 },
  formAnHour: { from: 10, to: 100_000 },
  minimumFillSeconds: { from: 0, to: 30 },
};

/**
 * Where a form asks for a proof of work, what comes without one: a browser that runs no script, or a robot that
 * spares itself the work. A third from each network, ten seconds to fill in, and an hourly end for the form, or
 * many networks together would do without it.
 */
export function withoutProof(limits: FormLimits): FormLimits {
  return {
    networkMost: Math.max(1, Math.floor(limits.networkMost / 3)),
    networkMinutes: limits.networkMinutes,
    formAnHour: Math.min(limits.formAnHour ?? unprovedAnHour, unprovedAnHour),
    minimumFillSeconds: Math.max(limits.minimumFillSeconds, unprovedFillSeconds),
  };
}

const unprovedAnHour = 60;
const unprovedFillSeconds = 10;

/** What differs from the usual, for keeping. */
export function ownLimits(limits: FormLimits): Partial<FormLimits> {
  const names = Object.keys(usualLimits) as (keyof FormLimits)[];
  return Object.fromEntries(
    names.filter((name) => limits[name] !== usualLimits[name]).map((name) => [name, limits[name]]),
  );
}
