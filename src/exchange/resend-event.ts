import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app.ts';
import { readAddress } from '#src/people/find-by-address.ts';
import { suppress } from '#src/people/suppress.ts';

/** What Resend tells about mails that it sent. Of its many events two change what we may do. */
const eventSchema = z.object({
  type: z.string(),
  data: z
    .object({
      to: z.union([z.string(), z.array(z.string())]).optional(),
      bounce: z.object({ type: z.string().optional() }).optional(),
    })
    .optional(),
});

export type ResendEvent = z.infer<typeof eventSchema>;

/** `undefined` for what Resend did not sign with our secret, or signed long ago. */
export function readResendEvent(secret: string, headers: Headers, payload: string): ResendEvent | undefined {
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

/** Blocks the addresses of hard bounces and complaints; returns how many that were. */
export async function acceptResendEvent(tx: Tx, app: App, { type, data }: ResendEvent): Promise<number> {
  // A full mailbox may have room tomorrow; only what is permanent blocks.
  const permanent = /^(?:permanent|hard)/i.test(data?.bounce?.type ?? 'permanent');
  const reason =
    type === 'email.complained' ? 'complaint' : type === 'email.bounced' && permanent ? 'bounce' : undefined;
  if (!reason) return 0;
  const addresses = [data?.to ?? []].flat().flatMap((to) => readAddress(app.keys, bare(to), 'email'));
  return suppress(tx, app.now().toISOString(), addresses, reason);
}

/** `Anna <anna@example.org>` */
function bare(to: string): string {
  return /<([^<>]+)>\s*$/.exec(to)?.[1] ?? to;
}
