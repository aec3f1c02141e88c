/**
 * How hard a form and the whole instance are being used right now: whether it looks like an attack, so that the form asks
 * for a proof of work by itself, and whether the hour's budget of confirmation mails is used up.
 */
import type { App } from '#src/app/app.ts';
import type { PublishedForm } from '#src/forms/form-definition.ts';
import { budgetOf, type MailBudget, mailBudgetHour } from '#src/limits/mail-budget.ts';
import { readCounts } from '#src/limits/read-hits.ts';
import { attackFrom, formHour, hoursOfMean } from './form-hours.ts';

export interface FormPressure {
  /** The form gets far more signups than usual, or half of the instance's mails of this hour are used up. */
  attacked: boolean;
  signupsThisHour: number;
  /** When none is left, everybody is asked to come back later, known or not. */
  mails: MailBudget;
}

/** A reading is used for a second, or for this many signups: a flood is noticed quickly and costs few reads. */
const goodForMs = 1000;
const goodForSignups = 20;

interface Reading {
  pressure: Promise<FormPressure>;
  at: number;
  readAt: number;
  signups: number;
}

const readings = new WeakMap<App['db'], Map<string, Reading>>();
const calm: FormPressure = {
  attacked: false,
  signupsThisHour: 0,
  mails: { sent: 0, usedUpFor: undefined },
};

/** `signup`: it is read for one more signup, and not only to show the form. */
export async function pressureOn(
  app: App,
  form: Pick<PublishedForm, 'id' | 'key'>,
  { signup = false } = {},
): Promise<FormPressure> {
  if (!app.config.limits) return calm;
  const all = readings.get(app.db) ?? new Map<string, Reading>();
  readings.set(app.db, all);
  const last = all.get(form.id);
  if (last && isGood(app, last)) {
    if (signup) last.signups += 1;
    return last.pressure;
  }
  const pressure = read(app, form.id);
  all.set(form.id, {
    pressure,
    at: app.now().getTime(),
    readAt: performance.now(),
    signups: signup ? 1 : 0,
  });
  pressure.catch(() => all.delete(form.id));
  tellChange(app, form, await last?.pressure, await pressure);
  return pressure;
}

/** The form as it is run at this moment: under attack it asks for a proof of work, whatever its switch says. */
export async function underPressure(app: App, form: PublishedForm): Promise<PublishedForm> {
  if (form.switches.proofOfWork || !(await pressureOn(app, form)).attacked) return form;
  return { ...form, switches: { ...form.switches, proofOfWork: true } };
}

/** Measured by two clocks: that of a test may stand still or jump. */
function isGood(app: App, { at, readAt, signups }: Reading): boolean {
  const passed = Math.max(Math.abs(app.now().getTime() - at), performance.now() - readAt);
  return passed < goodForMs && signups < goodForSignups;
}

async function read(app: App, formId: string): Promise<FormPressure> {
  const at = app.now();
  const hours = Array.from({ length: hoursOfMean + 2 }, (_, ago) => formHour(formId, at, ago));
  const [budget, ...counts] = await readCounts(app.db, app.keys, [mailBudgetHour, ...hours], at);
  const [now = 0, last = 0, ...before] = counts.map(({ count }) => count);
  const mails = budgetOf(app, budget, at);
  const attack = attackFrom(before);
  return {
    // The last hour counts too, so that the proof of work stays on when an attack continues past the full hour.
    attacked: now >= attack || last >= attack || mails.sent >= app.config.confirmMailsPerHour / 2,
    signupsThisHour: now,
    mails,
  };
}

function tellChange(
  app: App,
  form: Pick<PublishedForm, 'key'>,
  before: FormPressure = calm,
  after: FormPressure = calm,
): void {
  const counts = {
    form: form.key,
    signups_this_hour: after.signupsThisHour,
    mails_this_hour: after.mails.sent,
  };
  if (after.attacked && !before.attacked) app.log.warn(counts, 'form.attack_began');
  if (!after.attacked && before.attacked) app.log.info(counts, 'form.attack_over');
  if (after.mails.usedUpFor && !before.mails.usedUpFor) app.log.error(counts, 'mail.hourly_budget_used_up');
}
