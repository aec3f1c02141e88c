import type { App } from '#src/app/app.ts';
import { readWitnessKey } from './cosignature.ts';

/** What speaks against a start with these witnesses and this time-stamping service, one sentence each. */
export function watcherFaults({ witnesses }: App['config']): string[] {
  return witnesses
    .filter(({ key }) => !readWitnessKey(key))
    .map(({ key }) => `WITNESSES: ${key} is not the key of a witness (C2SP tlog-cosignature, Ed25519).`);
}
