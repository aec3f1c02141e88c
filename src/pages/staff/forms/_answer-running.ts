import type { APIContext } from 'astro';
import type { Locale } from '#db/schema/vocabulary.ts';
import { openDesk } from '#src/desk/open-desk.ts';
import { type FormFields, first } from '#src/forms/fields.ts';
import {
  acknowledgeAlarms,
  closeForm,
  type LimitFault,
  maxClosedMessageLength,
  reopenForm,
  setLimits,
  setProofOfWork,
} from '#src/forms/manage-form.ts';
import { endTest, maxTesters, startTest } from '#src/forms/test-mode.ts';
import { Problem } from '#src/http/problem.ts';
import { readForm } from '#src/http/read-form.ts';
import { eachLocale } from '#src/i18n/locales.ts';
import type { FormLimits } from '#src/limits/form-limits.ts';
import { paths } from '#src/routes.ts';

export interface RunningFault {
  field: string;
  href: string;
  message: string;
}

/** The page once more, with what was typed. */
export interface RunningAnswer {
  fields: FormFields;
  faults: RunningFault[];
}

export async function answerRunning(
  context: APIContext,
  { key, locales }: { key: string; locales: Locale[] },
): Promise<Response | RunningAnswer> {
  const { app, actor } = openDesk(context);
  const fields = await readForm(context.request);
  const done = ({ outcome }: { outcome: 'done' | 'unknown' }, what: string) => {
    if (outcome === 'unknown') throw new Problem(404);
    return context.redirect(paths.staffFormRunning(key, { done: what }), 303);
  };
  switch (first(fields, 'action')) {
    case 'close':
      return close(context, key, locales, fields);
    case 'reopen':
      return reopen(context, key, fields);
    case 'proof_on':
      return done(await setProofOfWork(app, actor, key, true), 'proof_on');
    case 'proof_off':
      return done(await setProofOfWork(app, actor, key, false), 'proof_off');
    case 'alarms':
      return done(await acknowledgeAlarms(app, actor, key), 'alarms');
    case 'limits': {
      const result = await setLimits(app, actor, key, limitsIn(fields));
      if (result.outcome !== 'faulty') return done(result, 'limits');
      return { fields, faults: result.faults.map((fault) => told(context, fault)) };
    }
    case 'test_on':
      return test(context, key, fields);
    case 'test_off':
      return done(await endTest(app, actor, key), 'test_off');
    default:
      throw new Problem(422);
  }
}

async function reopen(
  context: APIContext,
  key: string,
  fields: FormFields,
): Promise<Response | RunningAnswer> {
  const { app, actor, t } = openDesk(context);
  const result = await reopenForm(app, actor, key);
  if (result.outcome === 'unknown') throw new Problem(404);
  if (!('boxes' in result)) return context.redirect(paths.staffFormRunning(key, { done: 'reopened' }), 303);
  const message = t('running.reopen.words_missing', { texts: result.boxes.join(', ') });
  return { fields, faults: [{ field: 'reopen', href: paths.staffFormEdit(key), message }] };
}

/** In each language of the form, or in none: nobody is to read a page in one language with a sentence in the other. */
async function close(
  context: APIContext,
  key: string,
  locales: Locale[],
  fields: FormFields,
): Promise<Response | RunningAnswer> {
  const { app, actor, t } = openDesk(context);
  const words = eachLocale((locale) => line(fields, `words_${locale}`));
  const written = locales.some((locale) => words[locale]);
  const faults = locales.flatMap((locale) => {
    const field = `words_${locale}`;
    const alone = written && !words[locale];
    const long = [...(words[locale] ?? '')].length > maxClosedMessageLength;
    if (!alone && !long) return [];
    const message = alone
      ? t('running.close.both')
      : t('running.close.long', { most: maxClosedMessageLength });
    return [{ field, href: `#${field}`, message }];
  });
  if (faults.length > 0) return { fields, faults };
  const { outcome } = await closeForm(app, actor, key, written ? words : null);
  if (outcome === 'unknown') throw new Problem(404);
  return context.redirect(paths.staffFormRunning(key, { done: 'closed' }), 303);
}

async function test(context: APIContext, key: string, fields: FormFields): Promise<Response | RunningAnswer> {
  const { app, actor, t } = openDesk(context);
  const result = await startTest(app, actor, key, (first(fields, 'addresses') ?? '').split('\n'));
  const again = (message: string) => ({
    fields,
    faults: [{ field: 'addresses', href: '#addresses', message }],
  });
  switch (result.outcome) {
    case 'done':
      return context.redirect(paths.staffFormRunning(key, { done: 'test_on' }), 303);
    case 'unknown':
      throw new Problem(404);
    case 'none':
      return again(t('running.test.fault.none'));
    case 'too_many':
      return again(t('running.test.fault.too_many', { most: maxTesters }));
    case 'faulty':
      return again(t('running.test.fault.line', { line: result.lines.join(', ').slice(0, 200) }));
  }
}

function limitsIn(fields: FormFields): FormLimits {
  const number = (name: string) => {
    const typed = line(fields, name);
    return /^\d{1,9}$/.test(typed) ? Number(typed) : Number.NaN;
  };
  return {
    networkMost: number('networkMost'),
    networkMinutes: number('networkMinutes'),
    formAnHour: line(fields, 'formAnHour') === '' ? null : number('formAnHour'),
    minimumFillSeconds: number('minimumFillSeconds'),
  };
}

function told(context: APIContext, { name, from, to }: LimitFault): RunningFault {
  const { t } = openDesk(context);
  const label = t(`running.limits.${name}`);
  return { field: name, href: `#${name}`, message: `${label}: ${t('running.limits.range', { from, to })}` };
}

function line(fields: FormFields, name: string): string {
  return (first(fields, name) ?? '').replace(/\s+/g, ' ').trim();
}
