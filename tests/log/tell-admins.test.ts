import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tellAdminsAboutLog } from '#src/jobs/tell-admins-about-log.ts';
import { watcherStatus } from '#src/log/watcher-status.ts';
import { noteFailure, noteSuccess, stampWatcher, witnessWatcher } from '#src/log/watchers.ts';
import { resolveRecipients } from '#src/mail/addressed-mail.ts';
import { renderMails } from '#src/mail/render-mails.ts';
import { readMetrics } from '#src/server/metrics/read-metrics.ts';
import { aMember } from '#tests/staff/desk.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const key = 'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2';
const other = 'witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO';
const stamps = { url: 'http://127.0.0.1:9/', rootsFile: 'roots.pem', everyMinutes: 60 };

describe.each(databases)('a log that nobody outside confirms, on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    const witnesses = [
      { key, url: 'http://127.0.0.1:9/' },
      { key: other, url: 'http://127.0.0.1:9/' },
    ];
    test = await openTestApp(name, { witnesses, witnessQuorum: 1, stamps });
    await aMember(test.app, 'admin');
    await aMember(test.app, 'legal');
  });
  afterEach(() => test.close());

  const mails = () =>
    test.app.db.selectFrom('mails').selectAll().where('kind', '=', 'staff-log-unwatched').execute();
  const one = witnessWatcher('remora.n621.de');
  const two = witnessWatcher('witness1.smartit.nu/witness1');

  it('is told to each administrator after two hours, once for each failure, with what to do', async () => {
    await noteFailure(test.app, one, 'It cannot be reached.');
    test.pass({ minutes: 119 });
    expect(await tellAdminsAboutLog(test.app)).toEqual({ mails: 0 });
    test.pass({ minutes: 1 });
    expect(await tellAdminsAboutLog(test.app)).toEqual({ mails: 1 });
    test.pass({ hours: 10 });
    await noteFailure(test.app, one, 'It does not answer.');
    expect(await tellAdminsAboutLog(test.app)).toEqual({ mails: 0 });
    const rows = await mails();
    const rendered = await renderMails(
      test.app,
      await resolveRecipients(test.app.db, test.app.keys, rows),
      test.app.now(),
    );
    const [mail] = rendered.values();
    expect(mail?.text).toContain('remora.n621.de');
    expect(mail?.text).toContain('It cannot be reached.');
    expect(mail?.text).toContain('/log');
    await noteSuccess(test.app, one, 5);
    await noteFailure(test.app, one, 'It does not answer.');
    test.pass({ hours: 2 });
    expect(await tellAdminsAboutLog(test.app)).toEqual({ mails: 1 });
  });

  it('is late once too few witnesses answer, or the stamps fail, for two hours', async () => {
    const late = async () => (await watcherStatus(test.app)).late;
    expect(await late()).toBe(false);
    await noteFailure(test.app, one, 'It does not answer.');
    test.pass({ hours: 2 });
    expect(await late()).toBe(false);
    await noteFailure(test.app, two, 'It does not answer.');
    test.pass({ hours: 2 });
    expect(await late()).toBe(true);
    await noteSuccess(test.app, two, 5);
    expect(await late()).toBe(false);
    await noteFailure(test.app, stampWatcher, 'It does not answer.');
    test.pass({ minutes: 119 });
    expect(await late()).toBe(false);
    test.pass({ minutes: 1 });
    expect(await late()).toBe(true);
  });

  it('is a metric', async () => {
    await noteFailure(test.app, one, 'It does not answer.');
    await noteSuccess(test.app, two, 5);
    test.pass({ minutes: 3 });
    const metric = (await readMetrics(test.app)).find(
      ({ name }) => name === 'jawort_log_watcher_failing_seconds',
    );
    expect(metric?.samples).toEqual(
      expect.arrayContaining([
        { labels: { watcher: one }, value: 180 },
        { labels: { watcher: two }, value: 0 },
      ]),
    );
  });
});
