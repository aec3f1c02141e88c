import { isRowState, type Mapping, stateKey } from './mapping.ts';
import { isNo, stricter, type ValueMeaning } from './row-states.ts';
import { isStateWord, readsLikeState } from './state-columns.ts';

/** States whose meaning the mapping does not say. */
export interface Unanswered {
  names: string[];
  values: string[];
}

export interface StatePlan {
  /** The state of a row; `undefined` when it has none. */
  stateOf: (cells: string[]) => ValueMeaning | undefined;
  stateAt: (cells: string[]) => string | undefined;
  /** Columns that the mapping explains. */
  answered: Set<string>;
  /** Columns whose names look like a state, and that the mapping does not explain. */
  unanswered: string[];
  /** Call it after the last row. `undefined`: every state has a meaning. */
  open: () => Unanswered | undefined;
}

/**
 * Reads the states of rows with these columns. `people`: columns with names of people, in which a word for a status is only
 * a name.
 */
export function planStates(columns: string[], mapping: Mapping, people: Set<string>): StatePlan {
  const { state, states, stateAt, ignore } = mapping;
  const stated = new Map(states);
  if (state && 'column' in state && !stated.has(state.column)) stated.set(state.column, new Map());
  const fixed = state && 'fixed' in state ? state.fixed : undefined;
  const answered = new Set([...stated.keys(), ...(stateAt ? [stateAt] : []), ...ignore]);
  // When every row is a no, no other column can hide one.
  const others = isNo(fixed) ? [] : columns.filter((name) => !answered.has(name));
  const unanswered = others.filter(readsLikeState);
  const open: Unanswered = { names: [], values: [] };
  const watched = others
    .filter((name) => !people.has(name))
    .map((name) => ({ name, at: columns.indexOf(name) }));
  const read = [...stated].map(([name, meanings]) => ({ name, meanings, at: columns.indexOf(name) }));

  function leaveOpen(name: string, value: string) {
    if (!open.names.includes(name)) open.names.push(name);
    if (!open.values.includes(value) && open.values.length < mostValues) open.values.push(value);
  }

  function meaningOf(cells: string[], { name, meanings, at }: (typeof read)[number]): ValueMeaning {
    const value = (cells[at] ?? '').trim();
    if (value === '') return 'nothing';
    const key = stateKey(value);
    const says = meanings.get(key) ?? meanings.get('*') ?? (isRowState(key) ? key : undefined);
    if (says === undefined) leaveOpen(name, value);
    return says ?? 'nothing';
  }

  return {
    answered,
    unanswered,
    stateOf(cells) {
      for (const { name, at } of watched) {
        if (isStateWord(cells[at] ?? '')) leaveOpen(name, (cells[at] ?? '').trim());
      }
      const says = read.map((column) => meaningOf(cells, column));
      const strictest = says.reduce<ValueMeaning>(stricter, fixed ?? 'nothing');
      return strictest === 'nothing' ? undefined : strictest;
    },
    stateAt: (cells) =>
      stateAt === undefined ? undefined : cells[columns.indexOf(stateAt)]?.trim() || undefined,
    open: () => (open.names.length > 0 ? open : undefined),
  };
}

const mostValues = 50;
