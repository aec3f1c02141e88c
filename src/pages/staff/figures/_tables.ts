import { type StepCounts, waitingOf } from '#src/figures/read-funnel.ts';
import { dateText } from '#src/i18n/dates.ts';
import type { Translate } from '#src/i18n/translate.ts';
import type { Step } from '#src/sightings/form-days.ts';
import type { Figures } from './_load.ts';
import { bucketName, delayName, pageTitle } from './_words.ts';

/** A share keeps what it is made of, so that a file can say it more exactly than a page. */
export type Cell = string | number | { part: number; whole: number } | { change: number };

export interface Table {
  columns: { label: string; isNumber?: boolean }[];
  rows: Cell[][];
}

export const tableNames = ['funnel', 'forms', 'delays', 'contactable', 'flow', 'pages'] as const;
export type TableName = (typeof tableNames)[number];

/** The very numbers of a chart. The page shows them and the file holds them. */
export const tables: Record<TableName, (figures: Figures, t: Translate) => Table> = {
  funnel: ({ funnel, before }, t) => ({
    columns: [
      { label: t('figures.column.step') },
      ...numbers(t, ['count', 'of_before', 'of_submitted', 'period_before']),
    ],
    rows: [
      ...way.map((step, index): Cell[] => {
        const previous = way[index - 1];
        return [
          t(`figures.step.${step}`),
          funnel.all[step],
          previous ? { part: funnel.all[step], whole: funnel.all[previous] } : '',
          step === 'shown' ? '' : { part: funnel.all[step], whole: funnel.all.submitted },
          before.all[step],
        ];
      }),
      ...waysOut(funnel.all).map(([step, count], index): Cell[] => [
        t(`figures.step.${step}`),
        count,
        '',
        { part: count, whole: funnel.all.submitted },
        waysOut(before.all)[index]?.[1] ?? 0,
      ]),
    ],
  }),
  forms: ({ funnel, forms }, t) => ({
    columns: [
      { label: t('figures.column.form') },
      { label: t('figures.column.channel') },
      ...[...way, ...out].map((step) => ({ label: t(`figures.step.${step}`), isNumber: true })),
      ...numbers(t, ['rate']),
    ],
    rows: funnel.forms.flatMap(({ formId, all, channels }) => {
      const key = forms.find(({ id }) => id === formId)?.key ?? formId;
      const cells = (counts: StepCounts, hasShown: boolean): Cell[] => [
        hasShown ? counts.shown : '',
        ...[...way.slice(1), ...out].map((step) => counts[step]),
        { part: counts.confirmed, whole: counts.submitted },
      ];
      return [
        [key, t('figures.channel.all'), ...cells(all, true)],
        ...channels.map(({ channel, counts }) => [key, t(`channel.${channel}`), ...cells(counts, false)]),
      ];
    }),
  }),
  delays: ({ delays }, t) => ({
    columns: [{ label: t('figures.column.took') }, ...numbers(t, ['confirmed', 'share'])],
    rows: delays.bars.map((bar) => [
      delayName(t, bar),
      bar.confirmed,
      { part: bar.confirmed, whole: delays.confirmed },
    ]),
  }),
  contactable: ({ contactable }, t) => ({
    columns: [
      { label: t('figures.column.purpose') },
      { label: t('figures.column.channel') },
      ...numbers(t, ['contactable', 'week', 'allowed', 'unproven', 'unused', 'blocked']),
    ],
    rows: contactable.map((row) => [
      row.title,
      t(`channel.${row.channel}`),
      row.contactable,
      { change: row.change },
      row.allowed,
      row.unproven,
      row.unused,
      row.blocked,
    ]),
  }),
  flow: ({ flow }, t) => ({
    columns: [{ label: t('figures.column.time') }, ...numbers(t, ['granted', 'ended', 'balance'])],
    rows: flow.map((bar) => [
      bucketName(t, bar),
      bar.granted,
      bar.ended,
      { change: bar.granted - bar.ended },
    ]),
  }),
  pages: ({ pages }, t) => ({
    columns: [
      { label: t('figures.column.page') },
      ...numbers(t, ['shown', 'submitted']),
      { label: t('figures.column.first_seen') },
      { label: t('figures.column.last_seen') },
    ],
    rows: pages.map((row) => [
      pageTitle(t, row.page),
      row.shown,
      row.submitted,
      dateText(row.first_seen_at, t.locale),
      dateText(row.last_seen_at, t.locale),
    ]),
  }),
};

export const way = ['shown', 'submitted', 'mailed', 'opened', 'confirmed'] as const satisfies Step[];
const out = ['rejected', 'expired', 'cancelled', 'undelivered'] as const satisfies Step[];

/** How a request may end without a confirmation, and that it may still come. */
export function waysOut(counts: StepCounts): [(typeof out)[number] | 'waiting', number][] {
  return [
    ['waiting', waitingOf(counts)],
    ...out.map((step) => [step, counts[step]] as [typeof step, number]),
  ];
}

type NumberColumn =
  | 'count'
  | 'of_before'
  | 'of_submitted'
  | 'period_before'
  | 'rate'
  | 'confirmed'
  | 'share'
  | 'contactable'
  | 'week'
  | 'allowed'
  | 'unproven'
  | 'unused'
  | 'blocked'
  | 'granted'
  | 'ended'
  | 'balance'
  | 'shown'
  | 'submitted';

function numbers(t: Translate, names: NumberColumn[]): Table['columns'] {
  return names.map((name) => ({ label: t(`figures.column.${name}`), isNumber: true }));
}
