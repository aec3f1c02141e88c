import type { App } from '#src/app/app.ts';
import { readWitnessKey } from './cosignature.ts';
import { readStampRoots } from './stamp-roots.ts';

/** What speaks against a start with these witnesses and this time-stamping service, one sentence each. */
export function watcherFaults({ witnesses, stamps }: App['config']): string[] {
  const faults = witnesses
    .filter(({ key }) => !readWitnessKey(key))
    .map(({ key }) => `WITNESSES: ${key} is not the key of a witness (C2SP tlog-cosignature, Ed25519).`);
  try {
    if (stamps) readStampRoots(stamps.rootsFile);
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  }
  return faults;
}
