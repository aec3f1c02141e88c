import { timingSafeEqual } from 'node:crypto';
import type { App } from '#src/app/app.ts';
import { mac } from '#src/secrets/keys.ts';

/** When a form was shown, signed; travels as a hidden field. */
export function shownAt(app: App): string {
  const at = Math.floor(app.now().getTime() / 1000).toString(36);
  return `${at}.${sign(app, at)}`;
}

/**
 * How long an answer to this submission has to wait, in milliseconds.
 *
 * People need a few seconds to read and fill in a form. A faster submission, or one without the time it was shown,
 * waits for the rest of the minimum. It is not rejected, so that a fast person loses nothing.
 */
export function fillTimeWait(app: App, field: string | undefined, minimumSeconds: number): number {
  if (!app.config.limits) return 0;
  const [at = '', signature = ''] = (field ?? '').split('.');
  const expected = sign(app, at);
  const genuine =
    /^[\w-]{22}$/.test(signature) && timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
  const minimum = minimumSeconds * 1000;
  if (!genuine) return minimum;
  const elapsed = app.now().getTime() - Number.parseInt(at, 36) * 1000;
  return Math.min(minimum, Math.max(0, minimum - elapsed));
}

function sign(app: App, at: string): string {
  return mac(app.keys.link, 'shown-at', at).toString('base64url').slice(0, 22);
}
