import type { Tx } from '#db/connect.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import type { App } from '#src/app/app.ts';
import { lockedPermissions } from '#src/ledger/current-permissions.ts';
import type { ParsedAddress } from '#src/people/find-by-address.ts';
import type { Capture } from './capture.ts';
import type { CapturedText } from './capture-faults.ts';
import type { CapturedBy, CaptureOwner } from './capture-owner.ts';

/** A capture without faults, with everything that recording it needs. */
export interface CheckedCapture {
  tx: Tx;
  app: App;
  at: Date;
  capture: Capture;
  by: CapturedBy;
  address: ParsedAddress;
  purposeId: string;
  text: CapturedText | undefined;
  owner: CaptureOwner;
  /** The permission before this capture. */
  before: PermissionTable | undefined;
}

export async function findPermission(
  tx: Tx,
  contactPointId: string,
  purposeId: string,
): Promise<PermissionTable | undefined> {
  const permissions = await lockedPermissions(tx, [contactPointId]);
  return permissions.find(({ purpose_id }) => purpose_id === purposeId);
}

/** Every field of the capture as text, for the evidence. */
export function capturedFields({ evidence, person, ...capture }: Capture): Record<string, string> {
  const all = [
    ...Object.entries(capture),
    ...Object.entries(person).map(([name, value]) => [`person.${name}`, value]),
    ...Object.entries(evidence).map(([name, value]) => [`evidence.${name}`, value]),
  ] as [string, unknown][];
  return Object.fromEntries(
    all
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
