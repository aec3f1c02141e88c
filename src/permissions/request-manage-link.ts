import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { type Client, networkLimits } from '#src/limits/client.ts';
import { countHits, countNarrowFirst } from '#src/limits/count-hits.ts';
import { signupLimits } from '#src/limits/defaults.ts';
import { enqueueMail } from '#src/mail/outbox.ts';
import { contactPointValue, findMailbox, lookupHash } from '#src/people/contact-points.ts';
import { deliveredMailbox } from '#src/people/delivered-mailbox.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import type { ContactPointFault } from '#src/people/normalised-contact-point.ts';
import { openManageLink } from './open-link.ts';

export type RequestManageLinkResult =
  | { outcome: 'accepted' }
  | { outcome: 'invalid'; code: ContactPointFault }
  | { outcome: 'too_many'; retryAfterSeconds: number };

/** Mails a link to the preference centre if the address is known. The result is the same for unknown addresses. */
export async function requestManageLink(
  app: App,
  typedEmail: string,
  locale: Locale,
  client: Client,
): Promise<RequestManageLinkResult> {
  const email = normaliseContactPoint('email', typedEmail);
  if (!email.ok) return { outcome: 'invalid', code: email.code };
  const at = app.now();
  const lookup = lookupHash(app.keys, 'email', email.value);
  const result = await app.db.transaction().execute(async (tx): Promise<RequestManageLinkResult> => {
    if (app.config.limits) {
      const networks = networkLimits(client, { rule: 'manage-network', ...signupLimits.perNetwork });
      const perAddress = {
        rule: 'manage-address',
        subject: deliveredMailbox(email.value),
        most: 3,
        minutes: 24 * 60,
      };
      const hits = await countNarrowFirst(tx, app.keys, [...networks, perAddress], at);
      const network = hits.slice(0, networks.length).find((hit) => hit.exceeded);
      const address = hits[networks.length];
      if (network) {
        const wait = Math.ceil((Date.parse(network.resetsAt) - at.getTime()) / 1000);
        return { outcome: 'too_many', retryAfterSeconds: Math.max(1, wait) };
      }
      // The address reached its daily limit. Saying so would reveal that it is known.
      if (address?.exceeded) return { outcome: 'accepted' };
    }
    const mailbox = await findMailbox(tx, app.keys, lookup);
    // An address that never confirmed has nothing to manage, and someone else may have typed it.
    if (mailbox?.contactPoint.verified_at) {
      await enqueueMail(tx, at.toISOString(), {
        kind: 'manage-link',
        person: mailbox.person,
        contactPointId: mailbox.contactPoint.id,
        locale,
        params: { because: 'asked' },
      });
    }
    return { outcome: 'accepted' };
  });
  app.mailsQueued();
  return result;
}

/** Mails a new link to the mailbox of an old one. */
export async function sendFreshLink(
  app: App,
  link: string,
  locale: Locale,
): Promise<{ outcome: 'accepted' | 'limited' | 'unknown_link' | 'revoked' }> {
  const at = app.now();
  const result = await app.db.transaction().execute(async (tx) => {
    const opened = await openManageLink(app, tx, link);
    if (opened.outcome !== 'found') return opened;
    const accepted = { outcome: 'accepted' } as const;
    const { mailbox } = opened;
    if (!mailbox?.lookup_hash) return accepted;
    if (app.config.limits) {
      const limit = {
        rule: 'manage-address',
        subject: deliveredMailbox(contactPointValue(opened.person, mailbox)),
        most: 3,
        minutes: 24 * 60,
      };
      const [hit] = await countHits(tx, app.keys, [limit], at);
      // The holder of the link already knows that the address is known.
      if (hit?.exceeded) return { outcome: 'limited' } as const;
    }
    await enqueueMail(tx, at.toISOString(), {
      kind: 'manage-link',
      person: opened.person,
      contactPointId: mailbox.id,
      locale,
      params: { because: 'asked' },
    });
    return accepted;
  });
  app.mailsQueued();
  return result;
}
