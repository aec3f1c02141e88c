import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliverWebhooks } from '#src/exchange/deliver-webhooks.ts';
import { postOutside } from '#src/exchange/post-outside.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

describe.each(databases)('webhooks on %s', (name) => {
  let test: TestApi;
  let answers: number[];
  let heard: { body: string; headers: Record<string, string> }[];
  let close: () => void;
  let hook: { id: string; secret: string };

  beforeEach(async () => {
    test = await openTestApi(name);
    answers = [];
    heard = [];
    const receiver = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      heard.push({ body, headers: request.headers as Record<string, string> });
      response.writeHead(answers.shift() ?? 200).end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    close = () => receiver.close();
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    hook = (await test.call('/webhooks', { url, events: ['permission.pending'] })).body as typeof hook;
  });
  afterEach(async () => {
    close();
    await test.close();
  });

  it('tells of a change, signed, without personal data, and tries again after failures', async () => {
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    answers = [500, 503, 500];
    expect(await deliverWebhooks(test.app)).toEqual({ sent: 0, failed: 1 });
    expect(await deliverWebhooks(test.app)).toEqual({ sent: 0, failed: 0 });
    for (const minutes of [1, 5, 30]) {
      test.pass({ minutes });
      await deliverWebhooks(test.app);
    }
    expect(heard).toHaveLength(4);
    const last = heard.at(-1);
    expect(new Webhook(hook.secret).verify(last?.body ?? '', last?.headers ?? {})).toMatchObject({
      type: 'permission.pending',
      data: { purpose: 'product-news', channel: 'email' },
    });
    expect(new Set(heard.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(last?.body).not.toContain('alice');
    expect(await deliverWebhooks(test.app)).toEqual({ sent: 0, failed: 0 });
  });

  it('signs with both secrets for a day after a change', async () => {
    const { body } = await test.call(`/webhooks/${hook.id}/secret`, {});
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    await deliverWebhooks(test.app);
    const [first] = heard;
    for (const secret of [hook.secret, String(body.secret)]) {
      expect(new Webhook(secret).verify(first?.body ?? '', first?.headers ?? {})).toBeTruthy();
    }
  });

  it('gives up after days, and goes on when asked', async () => {
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    answers = Array(9).fill(500);
    for (let attempt = 0; attempt < 10; attempt++) {
      await deliverWebhooks(test.app);
      test.pass({ days: 1 });
    }
    expect(heard).toHaveLength(9);
    expect((await test.call(`/webhooks/${hook.id}/replay`, {})).body).toEqual({ replayed: 1 });
    expect(await deliverWebhooks(test.app)).toEqual({ sent: 1, failed: 0 });
  });

  it('calls no private network where that is not allowed', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '10.0.0.1', '169.254.169.254']) {
      expect(await postOutside(`http://${host}:9/`, {}, '{}', false)).toMatch(/private network|EPRIVATE/);
    }
  });
});
