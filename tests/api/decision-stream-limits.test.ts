import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { demoKey } from '#src/exchange/api-keys.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { aClient, newestToken, signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const alice = 'alice@example.org';
const MB = 1024 * 1024;
/** Sixty-four kilobytes of lines, about nobody. */
const lines = Buffer.from('nobody@example.org,0123456789012345678\n'.repeat(1700));

describe.each(databases)('a long stream of decisions on %s', (name) => {
  let test: TestApi;
  let open: ClientRequest[];
  beforeEach(async () => {
    test = await openTestApi(name);
    open = [];
    await signUp(test.app, alice, ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, alice), aClient);
  });
  afterEach(async () => {
    for (const one of open) one.destroy();
    await test.close();
  });

  function ask(): { asked: ClientRequest; answer: Promise<IncomingMessage> } {
    const asked = request(`${test.url}/api/v1/decisions/stream?purpose=product-news&channel=email`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${demoKey}`, 'Content-Type': 'text/csv' },
    });
    open.push(asked);
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      asked.once('response', resolve);
      asked.once('error', reject);
    });
    asked.write('contact_point,note\n');
    return { asked, answer };
  }

  /** Sends until nothing more is taken for half a second; answers with how much was. */
  async function sendUntilFull(asked: ClientRequest, most: number): Promise<number> {
    let sent = 0;
    while (sent < most) {
      const free = asked.write(lines);
      sent += lines.length;
      if (free) continue;
      const drained = new Promise((resolve) => asked.once('drain', () => resolve(true)));
      if (!(await Promise.race([drained, wait(500, false)]))) break;
    }
    return sent;
  }

  /** How often the database is asked, from the outside. */
  function countLookUps(): () => number {
    const asked = vi.spyOn(test.app.db, 'executeQuery');
    return () => asked.mock.calls.length;
  }

  const untilQuiet = async (count: () => number): Promise<boolean> => {
    for (let tries = 0; tries < 20; tries++) {
      const before = count();
      await wait(250);
      if (count() === before) return true;
    }
    return false;
  };

  it('stops when whoever asks hangs up in the middle of their file', async () => {
    const lookUps = countLookUps();
    const { asked, answer } = ask();
    const response = await answer;
    response.on('error', () => {}).resume();
    const gone = new Promise((resolve) => asked.once('close', resolve));
    let sending = true;
    const sent = (async () => {
      while (sending) {
        if (!asked.write(lines)) {
          await Promise.race([gone, new Promise((resolve) => asked.once('drain', resolve))]);
        }
      }
    })();
    try {
      await vi.waitFor(() => expect(lookUps()).toBeGreaterThan(20), { timeout: 10_000 });
    } finally {
      sending = false;
      asked.on('error', () => {}).destroy();
    }
    await sent;
    expect(await untilQuiet(lookUps)).toBe(true);
    // And serves the next as ever.
    expect((await test.call('/decisions', decisionAbout(alice))).body).toMatchObject({
      decisions: [{ allowed: true }],
    });
  });

  it('stops when whoever asks hangs up before they have read the answer to a whole file', async () => {
    const lookUps = countLookUps();
    const { asked, answer } = ask();
    const response = await answer;
    response.on('error', () => {}).pause();
    // Less than the sockets hold, so that all of it is sent, and far more than is answered without being read.
    const sent = await sendUntilFull(asked, 64 * MB);
    expect(sent).toBeLessThan(64 * MB);
    asked.on('error', () => {}).destroy();
    const before = lookUps();
    expect(await untilQuiet(lookUps)).toBe(true);
    expect(before).toBeGreaterThan(0);
    expect(lookUps() - before).toBeLessThan(40);
  });

  it('takes no more of a file than is read of the answer, and then goes on to its end', async () => {
    const { asked, answer } = ask();
    const response = await answer;
    response.pause();
    const before = memoryHeld();
    const sent = await sendUntilFull(asked, 200 * MB);
    expect(sent).toBeLessThan(40 * MB);
    const held: number[] = [];
    for (let look = 0; look < 10; look++) {
      held.push(memoryHeld());
      await wait(20);
    }
    expect(Math.min(...held) - before).toBeLessThan(40 * MB);
    asked.end(`${alice},last\n`);
    let count = 0;
    let tail = '';
    for await (const chunk of response) {
      const text = String(chunk);
      count += text.split('\n').length - 1;
      tail = (tail + text).slice(-1000);
    }
    expect(count).toBe((sent / lines.length) * 1700 + 2);
    expect(tail).toContain(`${alice},last,true,consent_active`);
  });

  it('answers a line of 100 MB with its reason, in constant memory, and goes on', async () => {
    const { asked, answer } = ask();
    const response = await answer;
    asked.write(`${alice},first\n`);
    const text = (async () => {
      let all = '';
      for await (const chunk of response) all += String(chunk);
      return all;
    })();
    const piece = Buffer.alloc(MB, 'y');
    const send = async (megabytes: number) => {
      for (let sent = 0; sent < megabytes; sent++)
        if (!asked.write(piece)) await new Promise((resolve) => asked.once('drain', resolve));
    };
    await send(10);
    const before = memoryHeld();
    await send(60);
    // What is kept shows in each of these; what is only on its way, or not yet swept, comes and goes.
    const held: number[] = [];
    for (let look = 0; look < 15; look++) {
      await send(2);
      held.push(memoryHeld());
    }
    asked.end(`\n${alice},last\n`);
    const rows = (await text).trim().split('\n').slice(1);
    expect(rows.map((row) => row.split(',').slice(0, 4))).toEqual([
      [alice, 'first', 'true', 'consent_active'],
      ['', '', 'false', 'invalid_contact_point'],
      [alice, 'last', 'true', 'consent_active'],
    ]);
    expect(rows[1]).toContain('too_long');
    expect(Math.min(...held) - before).toBeLessThan(30 * MB);
  });
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is really in use, with what was let go of cleared away. */
function memoryHeld(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function decisionAbout(address: string) {
  return { purpose: 'product-news', channel: 'email', contact_points: [address] };
}
