import { signupLimits } from './defaults.ts';

/** How many signups a form takes from one network and in all, and how fast it can be filled in. */
export interface FormLimits {
  networkMost: number;
  networkMinutes: number;
  /** Signups of the form in an hour, wherever they come from. Null: no limit. */
  formAnHour: number | null;
  minimumFillSeconds: number;
}

export const usualLimits: FormLimits = {
  networkMost: signupLimits.perNetwork.most,
  networkMinutes: signupLimits.perNetwork.minutes,
  formAnHour: null,
  minimumFillSeconds: signupLimits.minimumFillSeconds,
};

/** For a device at a stand, which a member of staff has approved: one person every twenty seconds. */
export const kioskLimit = { most: 30, minutes: 10 } as const;

/** The range in which each can be set. */
export const limitBounds: Record<keyof FormLimits, { from: number; to: number }> = {
  networkMost: { from: 1, to: 500 },
  networkMinutes: { from: 1, to: 24 * 60 },
  formAnHour: { from: 10, to: 100_000 },
  minimumFillSeconds: { from: 0, to: 30 },
};

/**
 * The limits for a submission without the proof of work that a form asks for: from a browser without scripts, or a robot that
 * skips the work. A third from each network, ten seconds to fill in, and an hourly limit for the form, because many networks
 * together could avoid the proof otherwise.
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

/** What differs from the usual limits, to be stored. */
export function ownLimits(limits: FormLimits): Partial<FormLimits> {
  const names = Object.keys(usualLimits) as (keyof FormLimits)[];
  return Object.fromEntries(
    names.filter((name) => limits[name] !== usualLimits[name]).map((name) => [name, limits[name]]),
  );
}
