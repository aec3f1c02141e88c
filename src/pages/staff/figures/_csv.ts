import type { APIContext } from 'astro';
import { csvCell } from '#src/decisions/scrub/csv-cell.ts';
import { openDesk } from '#src/desk/open-desk.ts';
import { Problem } from '#src/http/problem.ts';
import { loadFigures } from './_load.ts';
import { type Cell, tableNames, tables } from './_tables.ts';

/** One of the tables as a file, with the numbers as they are and not as they are read aloud. */
export async function figuresFile(context: APIContext, formKey?: string): Promise<Response> {
  const { app, locale, t } = openDesk(context);
  const name = tableNames.find((one) => one === context.params.table);
  if (!name) throw new Problem(404);
  const figures = await loadFigures(app, context.url.searchParams, locale, formKey);
  if (formKey !== undefined && figures.form === '') throw new Problem(404);
  const { columns, rows } = tables[name](figures, t);
  const lines = [columns.map(({ label }) => label), ...rows].map((cells) =>
    cells.map((one) => cell(plain(one))).join(','),
  );
  const { from, to } = figures.filter;
  const file = ['jawort', figures.form, name, from, to].filter((part) => part !== '').join('-');
  // The mark in front tells Excel that the letters are UTF-8.
  return new Response(`\uFEFF${lines.join('\r\n')}\r\n`, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${file}.csv"`,
    },
  });
}

const cell = csvCell(',');

function plain(one: Cell): string {
  if (typeof one === 'string') return one;
  if (typeof one === 'number') return String(one);
  if ('change' in one) return String(one.change);
  return one.whole > 0 ? `${Math.round((one.part / one.whole) * 1000) / 10} %` : '';
}
