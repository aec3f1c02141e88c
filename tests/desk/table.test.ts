import { describe, expect, it } from 'vitest';
import { type Column, deskTable } from '#src/desk/table.ts';

interface Guest {
  name: string;
  age: number | null;
  email: string;
}

const guests: Guest[] = [
  { name: 'Carol', age: null, email: 'carol@example.org' },
  { name: 'alice', age: 9, email: 'alice@example.org' },
  { name: 'Bob 10', age: 30, email: 'bob@example.org' },
  { name: 'Bob 9', age: 100, email: 'bobby@example.org' },
];
const columns: Column<Guest>[] = [
  {
    key: 'name',
    title: 'Name',
    value: ({ name }) => name,
    note: ({ age }) => (age === 9 ? 'a child' : null),
  },
  { key: 'age', title: 'Age', value: ({ age }) => age, as: 'number' },
  { key: 'email', title: 'E-mail', value: ({ email }) => email, searched: false },
  { key: 'act', title: 'Act' },
];

const tableAt = (query: string, options = {}) =>
  deskTable(new URL(`https://desk.test/list?${query}`), guests, { columns, ...options });
const namesAt = (query: string, options = {}) => tableAt(query, options).rows.map(({ name }) => name);

describe('a table of the desk', () => {
  it('keeps the order of its rows until it is sorted', () => {
    expect(namesAt('')).toEqual(['Carol', 'alice', 'Bob 10', 'Bob 9']);
    expect(namesAt('', { sort: 'name' })).toEqual(['alice', 'Bob 9', 'Bob 10', 'Carol']);
  });

  it('sorts by the column in the address, numbers as numbers and nothing last', () => {
    expect(namesAt('sort=age')).toEqual(['alice', 'Bob 10', 'Bob 9', 'Carol']);
    expect(namesAt('sort=-name')).toEqual(['Carol', 'Bob 10', 'Bob 9', 'alice']);
  });

  it('turns the order round at the second press, and starts at the first page again', () => {
    const [name, age, , act] = tableAt('sort=name&page=2').columns;
    expect(name).toMatchObject({ sorted: 'ascending', sortHref: '?sort=-name' });
    expect(age).toMatchObject({ sorted: undefined, sortHref: '?sort=age' });
    expect(act?.sortHref).toBeUndefined();
  });

  it('does not sort by what it has no values for', () => {
    expect(namesAt('sort=act', { sort: 'name' })).toEqual(namesAt('sort=name'));
    expect(namesAt('sort=nonsense')).toEqual(namesAt(''));
  });

  it('finds rows that contain each word, the second line included', () => {
    expect(namesAt('q=BOB')).toEqual(['Bob 10', 'Bob 9']);
    expect(namesAt('q=bob+30')).toEqual(['Bob 10']);
    expect(namesAt('q=child')).toEqual(['alice']);
    expect(tableAt('q=zora')).toMatchObject({ rows: [], found: 0, total: 4, search: 'zora' });
  });

  it('never searches a column of addresses, so that nobody types one into a URL', () => {
    expect(namesAt('q=carol%40example.org')).toEqual([]);
  });

  it('shows a page at a time, with links that keep the rest of the address', () => {
    const first = tableAt('lang=en&sort=name&done=added', { rowsPerPage: 3 });
    expect(first).toMatchObject({ first: 1, last: 3, found: 4, previousHref: undefined });
    expect(first.nextHref).toBe('?lang=en&sort=name&page=2');
    expect(first.otherParams).toEqual([['lang', 'en']]);
    expect(tableAt('page=2', { rowsPerPage: 3 })).toMatchObject({ first: 4, last: 4, nextHref: undefined });
  });

  it('shows the nearest page there is', () => {
    expect(tableAt('page=99', { rowsPerPage: 3 })).toMatchObject({ first: 4, last: 4 });
    expect(tableAt('page=-1', { rowsPerPage: 3 })).toMatchObject({ first: 1, last: 3 });
    expect(tableAt('page=x&q=zora')).toMatchObject({ first: 0, last: 0 });
  });

  it('has an address of its own where a page has several', () => {
    const { names } = tableAt('a-q=bob&q=alice', { prefix: 'a-' });
    expect(names).toMatchObject({ search: 'a-q', sort: 'a-sort' });
    expect(namesAt('a-q=bob&q=alice', { prefix: 'a-' })).toEqual(['Bob 10', 'Bob 9']);
  });
});
