import type { Conflict } from '#src/desk/desk-action.ts';
import type { WorkItem } from '#src/desk/my-work.ts';
import { type Column, type DeskTable, deskTable, fixedTable } from '#src/desk/table.ts';
import type { Translate } from '#src/i18n/translate.ts';
import { paths } from '#src/routes.ts';

/** What the gallery of the desk kit shows: work that waits, a conflict, and tables in each of their states. */
export const work: WorkItem[] = [
  { name: 'text_reviews', area: 'texts', href: paths.staffTexts(), count: 3 },
  { name: 'imports', area: 'imports', href: paths.staffImports(), count: 1 },
];

export const conflict: Conflict = {
  revision: 2,
  differs: [{ name: 'data_de', saved: 'Name; Telefonnummer', typed: 'Name' }],
};

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

/** Sorted and paged, searched without a find, of few rows, and without any. */
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
    { caption: t('demo.desk.table.empty'), table: fixedTable([], columns), empty: t('keys.none') },
  ];
}
