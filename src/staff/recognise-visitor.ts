/**
 * Recognises browsers and networks that have signed in to an account before. Their attempts are counted separately, so
 * that password guessing from elsewhere does not lock out the owner (OWASP, "Slow Down Online Guessing Attacks with
 * Device Cookies").
 */

import { timingSafeEqual } from 'node:crypto';
import { Cookie } from 'lucia';
import type { Db, Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { newId } from '#src/ids/new-id.ts';
import { type Client, clientNetwork } from '#src/limits/client.ts';
import { countHits, forgetHits, type Limit } from '#src/limits/count-hits.ts';
import { readHits } from '#src/limits/read-hits.ts';
import { paths } from '#src/routes.ts';
import { mac } from '#src/secrets/keys.ts';

export interface Visitor extends Client {
  /** The `Cookie` header. Without one the browser is unknown. */
  cookies?: string | null;
}

export interface Recognition {
  /** The browser's id; `undefined` if it never signed in to this account. */
  browser: string | undefined;
  network: boolean;
}

/** Takes the same time for an unknown account. */
export async function recogniseVisitor(
  app: App,
  staffId: string | undefined,
  visitor: Visitor,
): Promise<Recognition> {
  return {
    browser: staffId && recognisedBrowser(app, staffId, visitor.cookies ?? ''),
    network: await isRecognisedNetwork(app.db, app, staffId ?? 'nobody', visitor),
  };
}

/** The `Set-Cookie` by which the account recognises this browser. It grants no access. */
export function browserCookie(app: App, staffId: string): string {
  const body = `${app.now().getTime().toString(36)}.${newId()}`;
  return new Cookie(cookieName(staffId), `${body}.${signatureOf(app, staffId, body)}`, {
    path: paths.staff(),
    httpOnly: true,
    sameSite: 'lax',
    secure: app.config.baseUrl.startsWith('https:'),
    maxAge: rememberedDays * 86_400,
  }).serialize();
}

/** Stored as a keyed hash, as long as the cookie is valid. */
export async function rememberNetwork(tx: Tx, app: App, staffId: string, client: Client): Promise<void> {
  const limit = networkLimit(staffId, client);
  await forgetHits(tx, app.keys, [limit]);
  await countHits(tx, app.keys, [limit], app.now());
}

const rememberedDays = 180;

/** One cookie per account, because colleagues may share a browser. */
function cookieName(staffId: string): string {
  return `jawort_known_${staffId}`;
}

function recognisedBrowser(app: App, staffId: string, cookies: string): string | undefined {
  const prefix = `${cookieName(staffId)}=`;
  const cookie = cookies
    .split(';')
    .map((one) => one.trim())
    .find((one) => one.startsWith(prefix));
  const [at = '', name = '', signature = ''] = cookie?.slice(prefix.length).split('.') ?? [];
  const wanted = Buffer.from(signatureOf(app, staffId, `${at}.${name}`));
  const given = Buffer.from(signature);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  const age = app.now().getTime() - Number.parseInt(at, 36);
  return age < rememberedDays * 86_400_000 ? name : undefined;
}

function signatureOf(app: App, staffId: string, body: string): string {
  return mac(app.keys.staffBrowser, staffId, body).toString('base64url');
}

async function isRecognisedNetwork(db: Db, app: App, staffId: string, client: Client): Promise<boolean> {
  const [count = 0] = await readHits(db, app.keys, [networkLimit(staffId, client)], app.now());
  return count > 0;
}

/** Not a limit: a counter that expires with the other counters. */
function networkLimit(staffId: string, client: Client): Limit {
  return {
    rule: 'staff-known-network',
    subject: `${staffId} ${clientNetwork(client)}`,
    most: Number.POSITIVE_INFINITY,
    minutes: rememberedDays * 24 * 60,
  };
}
