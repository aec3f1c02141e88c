import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { App } from '#src/app/app.ts';
import { padResponseTime } from '#src/http/pad-response-time.ts';

const app = (limits: boolean) => ({ config: { limits } }) as App;
const timeOf = async (act: Promise<unknown>) => {
  const started = performance.now();
  await act;
  return performance.now() - started;
};

describe('padResponseTime', () => {
  it('makes what is quick take as long as what is not, and hands on what came of it', async () => {
    expect(await timeOf(padResponseTime(app(true), Promise.resolve()))).toBeGreaterThan(95);
    expect(await timeOf(padResponseTime(app(true), wait(40)))).toBeGreaterThan(95);
    const late = await timeOf(padResponseTime(app(true), wait(130)));
    expect(late).toBeGreaterThan(195);
    expect(late).toBeLessThan(290);
    expect(await padResponseTime(app(true), Promise.resolve('sent'))).toBe('sent');
    await expect(padResponseTime(app(true), Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  });

  it('waits for nobody where limits are lifted', async () => {
    const ended: string[] = [];
    const late = wait(1).then(() => ended.push('a millisecond'));
    await padResponseTime(app(false), Promise.resolve()).then(() => ended.push('the act'));
    await late;
    expect(ended).toEqual(['the act', 'a millisecond']);
  });
});
