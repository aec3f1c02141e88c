/** A column of a desk table: what its cells show, and by what they are sorted and searched. */
export interface Column<Row> {
  /** Its name in the address (`?sort=name`), and of the slot that draws its cells when `value` is not enough. */
  key: string;
  title: string;
  value?: (row: Row) => string | number | null;
  /** How the value is written. A number stands on the right. */
  as?: 'text' | 'code' | 'number' | 'date' | 'minute' | 'exact';
  /** Makes the value a link. */
  href?: (row: Row) => string;
  /** What stands there when there is no value. */
  none?: string;
  /** A second line, such as the key of a thing below its name. */
  note?: (row: Row) => string | null;
  /** False where an address stands: nobody is to type one into a URL. */
  searched?: false;
}

export interface TableOptions<Row> {
  columns: Column<Row>[];
  /** The column that rows are sorted by at first, with a minus for descending. Without it they stay as they come. */
  sort?: string;
  /** Where a page has several tables: what the parameters in the address begin with. */
  prefix?: string;
  rowsPerPage?: number;
}

/** One page of the rows, with the addresses of the other views. */
export interface DeskTable<Row> {
  columns: (Column<Row> & { sorted: 'ascending' | 'descending' | undefined; sortHref: string | undefined })[];
  rows: Row[];
  /** Which of the found rows these are: the first one's number and the last one's. */
  first: number;
  last: number;
  found: number;
  total: number;
  searchable: boolean;
  search: string;
  sort: string;
  previousHref: string | undefined;
  nextHref: string | undefined;
  /** What the search form sends along, so that the rest of the address stays. */
  otherParams: [string, string][];
  names: { search: string; sort: string };
}

/**
 * Searches, sorts and pages rows as the address asks: `?q=…&sort=-created&page=2`. Everything works without a script, and
 * the address can be sent to a colleague.
 */
export function deskTable<Row>(
  { searchParams }: Pick<URL, 'searchParams'>,
  rows: readonly Row[],
  { columns, sort: firstSort = '', prefix = '', rowsPerPage = 50 }: TableOptions<Row>,
): DeskTable<Row> {
  const names = { search: `${prefix}q`, sort: `${prefix}sort`, page: `${prefix}page` };
  const search = (searchParams.get(names.search) ?? '').slice(0, 100).trim();
  const sort = knownSort(columns, searchParams.get(names.sort)) ?? firstSort;
  const found = sorted(rows.filter(matching(columns, search)), columns, sort);
  const pages = Math.max(1, Math.ceil(found.length / rowsPerPage));
  const page = Math.min(pages, Math.max(1, Math.trunc(Number(searchParams.get(names.page))) || 1));
  const shown = found.slice((page - 1) * rowsPerPage, page * rowsPerPage);
  const hrefWith = (changes: Record<string, string | undefined>) => hrefOf(searchParams, changes);
  return {
    columns: columns.map((column) => ({
      ...column,
      sorted: sortedBy(sort, column.key),
      sortHref:
        column.value && hrefWith({ [names.sort]: nextSort(sort, column.key), [names.page]: undefined }),
    })),
    rows: shown,
    first: shown.length === 0 ? 0 : (page - 1) * rowsPerPage + 1,
    last: (page - 1) * rowsPerPage + shown.length,
    found: found.length,
    total: rows.length,
    // A few rows are seen at a glance.
    searchable: rows.length > 7 || search !== '',
    search,
    sort,
    previousHref: page > 1 ? hrefWith({ [names.page]: String(page - 1) }) : undefined,
    nextHref: page < pages ? hrefWith({ [names.page]: String(page + 1) }) : undefined,
    otherParams: [...searchParams].filter(
      ([name]) => !Object.values(names).includes(name) && name !== 'done',
    ),
    names,
  };
}

/** Rows that the database has already sorted and paged, or that are too few for either. */
export function fixedTable<Row>(rows: readonly Row[], columns: Column<Row>[]): DeskTable<Row> {
  const unsorted = columns.map((column) => ({ ...column, sorted: undefined, sortHref: undefined }));
  const all = deskTable({ searchParams: new URLSearchParams() }, rows, {
    columns,
    rowsPerPage: Math.max(1, rows.length),
  });
  return { ...all, columns: unsorted, searchable: false };
}

function knownSort<Row>(columns: Column<Row>[], wished: string | null): string | undefined {
  if (wished === null) return undefined;
  const key = wished.replace(/^-/, '');
  return columns.some((column) => column.key === key && column.value) ? wished : undefined;
}

/** A row is found when it contains each word of the search. */
function matching<Row>(columns: Column<Row>[], search: string): (row: Row) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return (row) => {
    const searched = columns.filter((column) => column.searched !== false);
    const text = searched.flatMap(({ value, note }) => [value?.(row), note?.(row)]).join('\n');
    return words.every((word) => text.toLowerCase().includes(word));
  };
}

function sorted<Row>(rows: Row[], columns: Column<Row>[], sort: string): Row[] {
  const value = columns.find(({ key }) => key === sort.replace(/^-/, ''))?.value;
  if (!value) return rows;
  const direction = sort.startsWith('-') ? -1 : 1;
  return rows.toSorted((a, b) => direction * compare(value(a), value(b)));
}

type Value = string | number | null;

/** Nothing comes last when ascending. */
function compare(a: Value, b: Value): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}

const collator = new Intl.Collator('de', { numeric: true });

function sortedBy(sort: string, key: string): 'ascending' | 'descending' | undefined {
  if (sort === key) return 'ascending';
  return sort === `-${key}` ? 'descending' : undefined;
}

function nextSort(sort: string, key: string): string {
  return sort === key ? `-${key}` : key;
}

function hrefOf(searchParams: URLSearchParams, changes: Record<string, string | undefined>): string {
  const query = new URLSearchParams(searchParams);
  query.delete('done');
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) query.delete(name);
    else query.set(name, value);
  }
  return `?${query}`;
}
