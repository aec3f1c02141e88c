import type { App } from '#src/app.ts';
import { newId } from '#src/ids.ts';
import { sentHandle } from '#src/links/signed-link.ts';

/** A handle for what was never recorded, so that a robot sees the same answer as everyone. */
export function decoyHandle(app: App): string {
  return sentHandle(app.keys, newId());
}
