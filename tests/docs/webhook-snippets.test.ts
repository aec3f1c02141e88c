import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliverTo } from '#src/exchange/deliver-webhooks.ts';
import { queueWebhooks } from '#src/exchange/queue-webhooks.ts';
import { listWebhooks } from '#src/exchange/webhooks.ts';
import { openTestApi } from '#tests/support/api.ts';
import { signUp } from '#tests/support/app.ts';
import { snippetsOfKind } from './read-guides.ts';

const run = promisify(execFile);
const page = 'webhooks.md';

/** How each language calls `verify` of the guide: the case comes as JSON, the answer is printed. */
const languages = {
  js: {
    file: 'verify.mjs',
    command: process.execPath,
    harness: `import { readFileSync } from 'node:fs';
const { secret, headers, body } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
console.log(verify(secret, headers, Buffer.from(body)) ? 'yes' : 'no');`,
  },
  python: {
    file: 'verify.py',
    command: 'python3',
    harness: `import json, sys
case = json.load(open(sys.argv[1]))
print("yes" if verify(case["secret"], case["headers"], case["body"].encode()) else "no")`,
  },
  php: {
    file: 'verify.php',
    command: 'php',
    harness: `$case = json_decode(file_get_contents($argv[1]), true);
echo verify($case['secret'], $case['headers'], $case['body']) ? 'yes' : 'no';`,
  },
} as const;

interface Delivery {
  secret: string;
  headers: Record<string, string>;
  body: string;
}

describe('verification of webhooks, as the guide shows it', () => {
  let folder: string;
  let delivered: Delivery;
  let newSecret: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jawort-docs-'));
    ({ delivered, newSecret } = await realDelivery());
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('shows the body that really comes', () => {
    const [shown] = snippetsOfKind(page, 'event');
    const given = JSON.parse(delivered.body);
    const example = JSON.parse(shown?.code ?? '{}');
    expect(Object.keys(given)).toEqual(Object.keys(example));
    expect(Object.keys(given.data)).toEqual(Object.keys(example.data));
    for (const name of ['id', 'permission_id', 'contact_point_id']) {
      expect(given.data[name].slice(0, 4), name).toBe(example.data[name].slice(0, 4));
    }
    expect({ ...given.data, id: '', permission_id: '', contact_point_id: '' }).toEqual({
      ...example.data,
      id: '',
      permission_id: '',
      contact_point_id: '',
    });
  });

  for (const [language, { file, command, harness }] of Object.entries(languages)) {
    // PHP is on few machines; the other two always run.
    const absent = spawnSync(command, ['--version']).error !== undefined;
    it.skipIf(language === 'php' && absent)(`tells what is genuine in ${language}`, async () => {
      const [snippet] = snippetsOfKind(page, 'verify').filter((one) => one.language === language);
      await writeFile(join(folder, file), `${snippet?.code}\n${harness}\n`);
      const answer = async (changes: Partial<Delivery>) => {
        const path = join(folder, 'case.json');
        await writeFile(path, JSON.stringify({ ...delivered, ...changes }));
        return (await run(command, [join(folder, file), path])).stdout.trim();
      };
      const { headers } = delivered;
      expect(await answer({})).toBe('yes');
      // For a day both secrets sign.
      expect(await answer({ secret: newSecret })).toBe('yes');
      expect(await answer({ secret: `whsec_${Buffer.alloc(32).toString('base64')}` })).toBe('no');
      expect(await answer({ body: delivered.body.replace('pending', 'granted') })).toBe('no');
      expect(await answer({ headers: { ...headers, 'webhook-id': 'dlv_other' } })).toBe('no');
      const old = String(Number(headers['webhook-timestamp']) - 600);
      expect(await answer({ headers: { ...headers, 'webhook-timestamp': old } })).toBe('no');
      expect(await answer({ headers: { ...headers, 'webhook-signature': 'v1,AAAA' } })).toBe('no');
    });
  }
});

/** A webhook as a receiver hears it, signed with the old and the new secret. */
async function realDelivery(): Promise<{ delivered: Delivery; newSecret: string }> {
  const test = await openTestApi('sqlite');
  const heard: Omit<Delivery, 'secret'>[] = [];
  const receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    heard.push({
      body: Buffer.concat(chunks).toString(),
      headers: request.headers as Record<string, string>,
    });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const { body: hook } = await test.call('/webhooks', { url, events: ['permission.pending'] });
  const { body: changed } = await test.call(`/webhooks/${hook.id}/secret`, {});
  await signUp(test.app, 'alice@example.org', ['product-news:email']);
  const webhooks = await listWebhooks(test.app.db);
  await queueWebhooks(test.app, webhooks);
  for (const webhook of webhooks) await deliverTo(test.app, webhook);
  receiver.close();
  await test.close();
  const [first] = heard;
  if (!first) throw new Error('nothing was delivered');
  return { delivered: { ...first, secret: String(hook.secret) }, newSecret: String(changed.secret) };
}
