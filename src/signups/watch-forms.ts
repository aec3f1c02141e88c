import type { App } from '#src/app/app.ts';
import { raiseAlarm } from '#src/forms/form-alarms.ts';
import { readHits } from '#src/limits/read-hits.ts';
import { formHour, hoursOfMean, leastForAlarm, timesTheMean } from './form-hours.ts';
import { pressureOn } from './form-pressure.ts';

/**
 * Raises an alarm, in the log and at the desk, when a form gets ten times its hourly mean: somebody may be using it to flood
 * other people's mailboxes. Each address still gets at most one mail a day.
 */
export async function watchForms(app: App): Promise<{ alarms: number }> {
  if (!app.config.limits) return { alarms: 0 };
  const at = app.now();
  const forms = await app.db.selectFrom('forms').select(['id', 'key']).execute();
  let alarms = 0;
  for (const form of forms) {
    // Logs when the form starts and stops to ask for a proof of work by itself, even while nobody opens it.
    await pressureOn(app, form);
    const hours = Array.from({ length: hoursOfMean + 1 }, (_, ago) => formHour(form.id, at, ago));
    const [now = 0, ...before] = await readHits(app.db, app.keys, hours, at);
    const mean = before.reduce((sum, count) => sum + count, 0) / hoursOfMean;
    if (now < leastForAlarm || now < mean * timesTheMean) continue;
    alarms += 1;
    await raiseAlarm(app.db, form.id, at, { signups: now, hourly_mean: Math.round(mean) });
    app.log.warn({ form: form.key, signups_this_hour: now, hourly_mean: Math.round(mean) }, 'form.burst');
  }
  return { alarms };
}
