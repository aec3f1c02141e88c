import { z } from 'zod';
import { acceptResendEvent, readResendEvent } from '#src/exchange/resend-event.ts';
import { operation } from './operation.ts';
import { ApiProblem } from './problem.ts';
import { readBytes } from './read-body.ts';

const longestEvent = 256 * 1024;

export const inboundResendOperation = operation({
  id: 'inboundResend',
  method: 'POST',
  path: '/inbound/resend',
  scope: null,
  summary: 'Signed events of Resend: hard bounces and complaints block their addresses.',
  streams: ['application/json'],
  answers: {
    200: { description: 'Heard', schema: z.object({ suppressed: z.number().int() }) },
  },
  write: async (tx, { app, request }) => {
    const secret = app.config.resendWebhookSecret;
    if (!secret) throw new ApiProblem(404, 'RESEND_WEBHOOK_SECRET is not set, so no event can be believed.');
    const payload = Buffer.from(await readBytes(request, longestEvent)).toString('utf8');
    const event = readResendEvent(secret, request.headers, payload);
    if (!event) throw new ApiProblem(401, 'This is not signed with the secret of this webhook, or too old.');
    return { status: 200, body: { suppressed: await acceptResendEvent(tx, app, event) } };
  },
});
