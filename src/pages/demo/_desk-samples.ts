import type { AuditEntryTable } from '#db/schema/staff.ts';
import { type Conflict, faultAt } from '#src/desk/desk-action.ts';
import type { FieldSpecs } from '#src/desk/field-set.ts';
import type { WorkItem } from '#src/desk/my-work.ts';
import { type Column, type DeskTable, deskTable, fixedTable } from '#src/desk/table.ts';
import { line } from '#src/http/form-schema.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { paths } from '#src/routes.ts';

/** What the gallery of the desk kit shows: work that waits, a conflict, and tables in each of their states. */
export const work: WorkItem[] = [
  { name: 'text_reviews', area: 'texts', href: paths.staffTexts(), count: 3 },
  { name: 'imports', area: 'imports', href: paths.staffImports(), count: 1 },
];

const sentence = 'Ein Satz, der länger ist, als irgendjemand erwartet, und der noch ein Stück weitergeht. ';

/** One short entry and two long ones. A page has one conflict at most. */
export const conflict: Conflict = {
  revision: 3,
  differs: [
    { name: 'data_de', saved: 'Name; Telefonnummer', typed: 'Name' },
    ...['legal_name', 'promise_en'].map((name) => ({
      name,
      saved: sentence.repeat(3),
      typed: `${sentence.repeat(2)}https://muster-werkzeuge.example/${'path/'.repeat(12)}`,
    })),
  ],
};

export const longWork: WorkItem[] = [
  { name: 'failed_mails', area: 'mails', href: paths.staffMails(), count: 1_234_567 },
  { name: 'texts_to_recheck', area: 'texts', href: paths.staffTexts(), count: 42 },
];

export const history: AuditEntryTable[] = [
  {
    id: '01985c2e-7a10-7c44-9d8e-2f5b6a7c8d9e',
    at: '2026-11-12T08:30:00.000Z',
    staff_id: 'sample',
    staff_name: 'Lena Legal',
    act: 'purpose.changed',
    subject: 'purpose:product-news',
    details: JSON.stringify({ promise_de: { from: 'Alle zwei Wochen', to: sentence.repeat(2) } }),
  },
];

/** The same fields in each state. A name stands once on a page. */
export function fieldStates(t: Translate) {
  return (['usual', 'empty', 'faulty', 'long'] as const).map((state) => {
    const of = (name: string) => `${state}_${name}`;
    const long = state === 'long' ? sentence.repeat(3) : undefined;
    const typed = { name: long ?? 'CRM', hours: long ? '1234567' : '48', words: long ?? 'Hallo!' };
    const specs: FieldSpecs = {
      [of('name')]: { schema: line, label: 'keys.name', hint: 'keys.name.hint' },
      [of('hours')]: { schema: line, kind: 'digits', label: 'running.limits.formAnHour', size: 'short' },
      [of('words')]: { schema: line, kind: 'lines', label: 'staff.audit.details', optional: true },
      [of('who')]: { schema: line, kind: 'choice', label: 'purposes.controller' },
      [of('agreed')]: { schema: line, kind: 'tick', label: 'controllers.field.refuses_claimed' },
    };
    const fields = Object.entries(typed).map(([name, value]) => [of(name), [value]]);
    return {
      state,
      specs,
      fields: state === 'empty' || state === 'faulty' ? {} : Object.fromEntries(fields),
      faults: state === 'faulty' ? [faultAt(of('name'), t('keys.name.needed'))] : [],
      options: { [of('who')]: [{ value: 'muster', text: long ?? 'Muster Werkzeuge GmbH' }] },
    };
  });
}

interface Key {
  name: string;
  scope: string;
  calls: number;
  usedAt: string | null;
}

const keys = Array.from(
  { length: 12 },
  (_, index): Key => ({
    name: `CRM ${index + 1}`,
    scope: index % 2 ? 'read' : 'decide',
    calls: index * 1234,
    usedAt: index === 3 ? null : `2026-11-${String(index + 10)}T08:30:00.000Z`,
  }),
);

const longKey: Key = {
  name: `${sentence}${'CRM'.repeat(30)}`,
  scope: 'decide read write admin '.repeat(4),
  calls: 1_234_567_890,
  usedAt: null,
};

/** Sorted and paged, searched without a find, of few rows, of long words, and without any. */
export function sampleTables(
  url: URL,
  t: Translate,
): { caption: string; table: DeskTable<Key>; empty?: string }[] {
  const columns: Column<Key>[] = [
    { key: 'name', title: t('keys.name'), value: ({ name }) => name, href: () => '#', note: () => '…abcd' },
    { key: 'scope', title: t('keys.scopes'), value: ({ scope }) => scope, as: 'code' },
    { key: 'calls', title: t('demo.desk.calls'), value: ({ calls }) => calls, as: 'number' },
    {
      key: 'used',
      title: t('keys.used'),
      value: ({ usedAt }) => usedAt,
      as: 'minute',
      none: t('exchange.never'),
    },
  ];
  const nothing = new URL('?none-q=xyz', url);
  return [
    {
      caption: t('demo.desk.table.paged'),
      table: deskTable(url, keys, { columns, sort: '-calls', rowsPerPage: 5 }),
    },
    {
      caption: t('demo.desk.table.none_found'),
      table: deskTable(nothing, keys, { columns, prefix: 'none-' }),
    },
    { caption: t('demo.desk.table.fixed'), table: fixedTable(keys.slice(0, 2), columns) },
    { caption: t('demo.desk.table.long'), table: fixedTable([longKey], columns) },
    { caption: t('demo.desk.table.empty'), table: fixedTable([], columns), empty: t('keys.none') },
  ];
}
