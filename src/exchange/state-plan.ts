import { isRowState, type Mapping, stateKey } from './mapping.ts';
import { harder, isNo, type ValueMeaning } from './row-states.ts';
import { isStateWord, readsLikeState } from './state-columns.ts';

/** What a file leaves open about its states. */
export interface Unanswered {
  names: string[];
  values: string[];
}

export interface StatePlan {
  /** What a row says of its state; `undefined` where it says nothing. */
  stateOf: (cells: string[]) => ValueMeaning | undefined;
  stateAt: (cells: string[]) => string | undefined;
  /** Columns that were answered for. */
  answered: Set<string>;
  /** Columns whose names alone ask for an answer. */
  unanswered: string[];
  /** Once every row was read: columns and values that nobody said the meaning of. `undefined`: there is none. */
  open: () => Unanswered | undefined;
}

/**
 * Reads the states of the rows of a file with these columns. `people`: columns that say who somebody is, in which a word
 * for a status is only a name.
 */
export function planStates(columns: string[], mapping: Mapping, people: Set<string>): StatePlan {
  const { state, states, stateAt, ignore } = mapping;
  const stated = new Map(states);
  if (state && 'column' in state && !stated.has(state.column)) stated.set(state.column, new Map());
  const fixed = state && 'fixed' in state ? state.fixed : undefined;
  const answered = new Set([...stated.keys(), ...(stateAt ? [stateAt] : []), ...ignore]);
  // Where every row is a no, no other column can make it one that is overlooked.
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
      const hardest = says.reduce<ValueMeaning>(harder, fixed ?? 'nothing');
      return hardest === 'nothing' ? undefined : hardest;
    },
    stateAt: (cells) =>
      stateAt === undefined ? undefined : cells[columns.indexOf(stateAt)]?.trim() || undefined,
    open: () => (open.names.length > 0 ? open : undefined),
  };
}

const mostValues = 50;
