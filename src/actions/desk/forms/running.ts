/** What is posted at the desk for a form that runs: closing, proof of work, limits, the test mode, alarms. */
import { z } from 'zod';
import type { Locale } from '#db/schema/vocabulary.ts';
import {
  again,
  type DeskAction,
  deskAction,
  type Fault,
  faultAt,
  type OpenDesk,
  redirect,
} from '#src/desk/desk-action.ts';
import { fieldSet, schemaOf } from '#src/desk/field-set.ts';
import { findListedForm } from '#src/forms/list-forms.ts';
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
import { line, text, wholeForm } from '#src/http/form-schema.ts';
import { Problem } from '#src/http/problem.ts';
import { eachLocale } from '#src/i18n/locales.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { paths } from '#src/routes.ts';

const closedWords = wholeForm.transform((fields) => ({
  words: eachLocale((locale) => line.parse(fields[`words_${locale}`])),
}));

/** In each language of the form, or in none: a page in one language must not hold a sentence in another. */
const close = deskAction('forms.write', closedWords, async (desk, { words }) => {
  const { app, actor, t } = desk;
  const form = await findListedForm(app.db, app.now().toISOString(), keyOf(desk));
  if (!form) throw new Problem(404);
  const written = form.locales.some((locale) => words[locale]);
  const faults = form.locales.flatMap((locale) => closedWordsFaults(t, locale, words[locale] ?? '', written));
  if (faults.length > 0) return again(faults);
  return done(desk, await closeForm(app, actor, keyOf(desk), written ? words : null), 'closed');
});

const reopen = deskAction('forms.write', z.object({}), async (desk) => {
  const { app, actor, t } = desk;
  const result = await reopenForm(app, actor, keyOf(desk));
  if (!('boxes' in result)) return done(desk, result, 'reopened');
  const message = t('running.reopen.words_missing', { texts: result.boxes.join(', ') });
  return again([{ field: 'reopen', href: paths.staffFormEdit(keyOf(desk)), message }]);
});

/** Digits, or a number that no limit takes. */
const digits = line.transform((typed) => (/^\d{1,9}$/.test(typed) ? Number(typed) : Number.NaN));

const number = { kind: 'digits', size: 'short' } as const;

export const limitFields = fieldSet({
  networkMost: {
    ...number,
    schema: digits,
    label: 'running.limits.networkMost',
    hint: 'running.limits.networkMost.hint',
  },
  networkMinutes: { ...number, schema: digits, label: 'running.limits.networkMinutes' },
  formAnHour: {
    ...number,
    schema: line.transform((typed) => (typed === '' ? null : digits.parse([typed]))),
    label: 'running.limits.formAnHour',
    hint: 'running.limits.formAnHour.hint',
  },
  minimumFillSeconds: {
    ...number,
    schema: digits,
    label: 'running.limits.minimumFillSeconds',
    hint: 'running.limits.minimumFillSeconds.hint',
  },
});

const limits = deskAction('forms.write', schemaOf(limitFields), async (desk, typed) => {
  const result = await setLimits(desk.app, desk.actor, keyOf(desk), typed);
  if (result.outcome !== 'faulty') return done(desk, result, 'limits');
  return again(result.faults.map((fault) => limitFault(desk.t, fault)));
});

const startTesting = deskAction('forms.write', z.object({ addresses: text }), async (desk, { addresses }) => {
  const { app, actor, t } = desk;
  const result = await startTest(app, actor, keyOf(desk), addresses.split('\n'));
  switch (result.outcome) {
    case 'none':
      return again([faultAt('addresses', t('running.test.fault.none'))]);
    case 'too_many':
      return again([faultAt('addresses', t('running.test.fault.too_many', { most: maxTesters }))]);
    case 'faulty': {
      const wrong = result.lines.join(', ').slice(0, 200);
      return again([faultAt('addresses', t('running.test.fault.line', { line: wrong }))]);
    }
    default:
      return done(desk, result, 'test_on');
  }
});

/** The buttons of the page of a running form. */
export const runningActions: Record<string, DeskAction> = {
  close,
  reopen,
  proof_on: switchTo('proof_on', ({ app, actor }, key) => setProofOfWork(app, actor, key, true)),
  proof_off: switchTo('proof_off', ({ app, actor }, key) => setProofOfWork(app, actor, key, false)),
  alarms: switchTo('alarms', ({ app, actor }, key) => acknowledgeAlarms(app, actor, key)),
  limits,
  test_on: startTesting,
  test_off: switchTo('test_off', ({ app, actor }, key) => endTest(app, actor, key)),
};

type Done = { outcome: 'done' | 'unknown' };

function switchTo(name: string, run: (desk: OpenDesk, key: string) => Promise<Done>): DeskAction {
  return deskAction('forms.write', z.object({}), async (desk) =>
    done(desk, await run(desk, keyOf(desk)), name),
  );
}

function keyOf({ params: { key = '' } }: OpenDesk): string {
  return key;
}

function done(desk: OpenDesk, { outcome }: Done, what: string): Response {
  if (outcome === 'unknown') throw new Problem(404);
  return redirect(paths.staffFormRunning(keyOf(desk)), { done: what });
}

function closedWordsFaults(t: Translate, locale: Locale, words: string, written: boolean): Fault[] {
  if (written && words === '') return [faultAt(`words_${locale}`, t('running.close.both'))];
  if ([...words].length <= maxClosedMessageLength) return [];
  return [faultAt(`words_${locale}`, t('running.close.long', { most: maxClosedMessageLength }))];
}

function limitFault(t: Translate, { name, from, to }: LimitFault): Fault {
  return faultAt(name, `${t(`running.limits.${name}`)}: ${t('running.limits.range', { from, to })}`);
}
