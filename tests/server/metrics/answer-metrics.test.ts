import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runDueJobs } from '#src/jobs/scheduler.ts';
import { pauseQueue } from '#src/mail/queue-pause.ts';
import { answerMetrics } from '#src/server/metrics/answer-metrics.ts';
import { requestTimes } from '#src/server/metrics/request-times.ts';
import { openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { type Answer, ask } from '#tests/support/requests.ts';

const token = 'a-token-for-prometheus';

describe.each(databases)('GET /metrics on %s', (name) => {
  let test: TestApp;
  let server: Server;

  beforeEach(async () => {
    test = await openTestApp(name);
    const times = requestTimes();
    server = createServer((request, response) => {
      times.watch(request, response, () => '/p/[link]');
      if (!answerMetrics(test.app, times, request, response)) response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    await test.close();
  });

  it('reports how many mails wait, for how long, and how many failed', async () => {
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    await signUp(test.app, 'bob@example.org', ['product-news:email']);
    test.pass({ minutes: 5 });
    const waiting = await metrics();
    expect(waiting['jawort_outbox_mails{state="queued"}']).toBe(2);
    expect(waiting.jawort_outbox_overdue_seconds).toBe(300);
    await test.app.db.updateTable('mails').set({ state: 'failed' }).execute();
    const failed = await metrics();
    expect(failed['jawort_outbox_mails{state="queued"}']).toBe(0);
    expect(failed['jawort_outbox_mails{state="failed"}']).toBe(2);
    expect(failed.jawort_outbox_overdue_seconds).toBe(0);
  });

  it('reports whether the mail queue is paused, and for how long', async () => {
    expect(await metrics()).toMatchObject({
      jawort_mail_queue_paused: 0,
      jawort_mail_queue_paused_seconds: 0,
    });
    await pauseQueue(test.app, '535 5.7.8 wrong password', true);
    test.pass({ minutes: 2 });
    expect(await metrics()).toMatchObject({
      jawort_mail_queue_paused: 1,
      jawort_mail_queue_paused_seconds: 120,
    });
  });

  it('reports when each job ran, whether it failed, and how long it is due', async () => {
    const { app, pass } = test;
    await runDueJobs(app);
    await app.db
      .updateTable('jobs')
      .set({ last_outcome: 'failed' })
      .where('name', '=', 'watch-forms')
      .execute();
    pass({ minutes: 2 });
    const found = await metrics();
    const ranAt = Date.parse('2026-11-02T09:00:00.000Z') / 1000;
    expect(found['jawort_job_last_run_timestamp_seconds{name="expire-signups"}']).toBe(ranAt);
    expect(found['jawort_job_failed{name="expire-signups"}']).toBe(0);
    expect(found['jawort_job_failed{name="watch-forms"}']).toBe(1);
    expect(found['jawort_job_overdue_seconds{name="expire-signups"}']).toBe(60);
    expect(found['jawort_job_overdue_seconds{name="purge-signups"}']).toBe(0);
  });

  it('counts signups by how they were written', async () => {
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    const found = await metrics();
    const counted = (outcome: string) => found[`jawort_db_act_total{act="signup",outcome="${outcome}"}`];
    expect([counted('done'), counted('transaction')]).toEqual(name === 'sqlite' ? [1, 1] : [undefined, 2]);
  });

  it('counts requests by route pattern, and identifies nobody', async () => {
    await signUp(test.app, 'alice@example.org', ['product-news:email']);
    await get('/p/secret-link?email=alice@example.org');
    await get('/p/another-link');
    const { body } = await get('/metrics');
    const labels = 'method="GET",route="/p/[link]",status="2xx"';
    expect(read(body)[`jawort_http_request_duration_seconds_count{${labels}}`]).toBe(2);
    expect(read(body)[`jawort_http_request_duration_seconds_bucket{${labels},le="+Inf"}`]).toBe(2);
    expect(body).not.toMatch(/secret-link|another-link|alice/);
  });

  it('is in the format that Prometheus reads', async () => {
    const { headers, body } = await get('/metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body.endsWith('\n')).toBe(true);
    for (const line of body.trimEnd().split('\n')) {
      expect(line).toMatch(
        /^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{(?:[a-z]+="[^"]*",?)+\})? \d+(?:\.\d+)?(?:e-?\d+)?)$/,
      );
    }
  });

  it('answers no forwarded request while there is no token', async () => {
    for (const header of ['X-Forwarded-For', 'Forwarded', 'Via']) {
      expect([header, (await get('/metrics', { [header]: '203.0.113.9' })).status]).toEqual([header, 404]);
    }
    expect((await get('/metrics')).status).toBe(200);
  });

  it('requires the token once there is one', async () => {
    test.app.config.metricsToken = token;
    expect((await get('/metrics')).status).toBe(401);
    expect((await get('/metrics')).headers['www-authenticate']).toMatch(/^Bearer/);
    expect((await get('/metrics', { Authorization: `Bearer ${token}x` })).status).toBe(401);
    const passedOn = { Authorization: `Bearer ${token}`, 'X-Forwarded-For': '203.0.113.9' };
    expect((await get('/metrics', passedOn)).status).toBe(200);
  });

  it('accepts only GET and HEAD', async () => {
    expect((await ask(port(), '/metrics', { method: 'POST' })).status).toBe(405);
  });

  async function metrics(): Promise<Record<string, number>> {
    return read((await get('/metrics')).body);
  }

  function get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return ask(port(), path, { headers });
  }

  function port(): { port: number } {
    return { port: (server.address() as AddressInfo).port };
  }
});

/** Each sample by its name and labels. */
function read(body: string): Record<string, number> {
  const samples = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    samples.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}
