import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import { type ParsedAddress, parseAddress } from '#src/people/find-by-address.ts';
import { suppress } from '#src/people/suppress.ts';
import { notifyByLetter } from '#src/permissions/notify-by-letter.ts';

/**
 * Events of Resend about mails that it sent (https://resend.com/docs/webhooks/event-types). Three of them matter here:
 * bounced, complained, and suppressed, which means that Resend does not send to this address any more.
 */
const eventSchema = z.object({
  type: z.string(),
  data: z
    .object({
      email_id: z.string().optional(),
      to: z.union([z.string(), z.array(z.string())]).optional(),
      bounce: z.object({ type: z.string().optional() }).optional(),
    })
    .optional(),
});

export type ResendEvent = z.infer<typeof eventSchema>;

/** `undefined` when the signature is missing, wrong or too old. */
export function readResendEvent(
  secret: string,
  headers: Pick<Headers, 'get'>,
  payload: string,
): ResendEvent | undefined {
  const signed = {
    'webhook-id': headers.get('svix-id') ?? headers.get('webhook-id') ?? '',
    'webhook-timestamp': headers.get('svix-timestamp') ?? headers.get('webhook-timestamp') ?? '',
    'webhook-signature': headers.get('svix-signature') ?? headers.get('webhook-signature') ?? '',
  };
  try {
    const read = eventSchema.safeParse(new Webhook(secret).verify(payload, signed));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Blocks the addresses of hard bounces and complaints, and returns how many. The content of a notification that came back
 * is sent as a letter.
 */
export async function acceptResendEvent(tx: Tx, app: App, event: ResendEvent): Promise<number> {
  const reason = reasonIn(event);
  if (!reason) return 0;
  const at = app.now().toISOString();
  const addresses = [event.data?.to ?? []].flat().flatMap((to) => parseAddress(app.keys, bare(to), 'email'));
  const blocked = await suppress(tx, at, addresses, reason);
  const returned = reason === 'bounce' && addresses.length > 0 && event.data?.email_id;
  if (returned) await notifyByLetter(tx, app, at, await mailsTo(tx, addresses, returned));
  return blocked;
}

/**
 * Only a permanent bounce blocks: a full mailbox may have room tomorrow, and a bounce without a type proves nothing.
 */
function reasonIn({ type, data }: ResendEvent): 'complaint' | 'bounce' | undefined {
  if (type === 'email.complained') return 'complaint';
  if (type === 'email.suppressed') return 'bounce';
  return type === 'email.bounced' && /^permanent$/i.test(data?.bounce?.type ?? '') ? 'bounce' : undefined;
}

/** Our mails with the id that Resend returned when it accepted them. */
async function mailsTo(tx: Tx, addresses: ParsedAddress[], providerId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('mails')
    .innerJoin('contact_points', 'contact_points.person_id', 'mails.person_id')
    .select('mails.id')
    .where(
      'contact_points.lookup_hash',
      'in',
      addresses.map(({ hash }) => hash),
    )
    .where('mails.provider_id', '=', providerId)
    .execute();
  return rows.map(({ id }) => id);
}

/** `Anna <anna@example.org>` */
function bare(to: string): string {
  return /<([^<>]+)>\s*$/.exec(to)?.[1] ?? to;
}
