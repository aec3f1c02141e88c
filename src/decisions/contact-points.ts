import type { PermissionState } from '#db/schema/vocabulary.ts';
import type { PermissionFacts } from '#src/ledger/fold.ts';

/** A recorded contact point with its permission for the purpose of the question, if it has one. */
export interface FoundContactPoint {
  contactPointId: string;
  /** Set only when the contact point has no permission for this purpose; needed to look for its other permissions. */
  personId: string | null;
  linkGeneration: number;
  /** The country whose law applies, where the person or the address tells it. */
  country: string | null;
  permission?: FoundPermission;
}

export type FoundPermission = CommonFacts &
  Pick<PermissionFacts, 'granted_at' | 'last_used_at'> & { id: string };

/** What many permissions have in common: everything but their owners and times. */
export type CommonFacts = Pick<
  PermissionFacts,
  'state' | 'basis' | 'text_version_id' | 'evidence_grade' | 'channel_verified' | 'valid_until'
>;

/** Contact points of one kind are in one country, and their permissions share these facts, or none has a permission. */
export interface Kind {
  country: string | null;
  common: CommonFacts | undefined;
}

/** The contact points of many addresses, each by the index of its address in the question. */
export interface FoundContactPoints {
  /** All kinds among them. */
  kinds: Kind[];
  /** `undefined`: no contact point has this address. */
  kind(index: number): Kind | undefined;
  /** Null: never, or no permission. */
  lastUsedAt(index: number): string | null;
  /** Empty without a permission. */
  permissionId(index: number): string;
  contactPoint(index: number): FoundContactPoint | undefined;
}

/** `?` in the column: not computed yet. */
export function knownCountry(stored: string | null | undefined): string | null {
  return stored && stored !== '?' ? stored : null;
}

interface Candidate {
  contactPointId: string;
  state: PermissionState | undefined;
}

/**
 * A number or a letter box can belong to several people. The refusal of one of them takes precedence over the consent of
 * another. Among equal states it is always the same one, because uses recorded for it count in the next decision.
 */
export function takesPrecedence(one: Candidate, other: Candidate): boolean {
  const difference = statePrecedence(one) - statePrecedence(other);
  return difference < 0 || (difference === 0 && one.contactPointId <= other.contactPointId);
}

const statesByPrecedence: PermissionState[] = [
  'withdrawn',
  'refused',
  'granted',
  'pending',
  'expired',
  'none',
];

function statePrecedence({ state = 'none' }: Candidate): number {
  return statesByPrecedence.indexOf(state);
}
