import { z } from 'zod';
import { type RowState, rowStates, type ValueMeaning, valueMeanings } from './row-states.ts';

/** Where the entries of a row stand in a file, and what its states mean: the JSON object of the contract, read. */
export interface Mapping {
  /** Our name → the name of a column in the file, or `=` and what holds for every row. */
  columns: Record<string, string>;
  /** A column with the state, or the one state of all rows. */
  state?: { column: string } | { fixed: RowState } | undefined;
  /** What the values of a column mean, by their normalised spelling; `*` is every other value. */
  states: Map<string, Map<string, ValueMeaning>>;
  /** The column with the time of the state. */
  stateAt?: string | undefined;
  /** Columns that somebody looked at: they say nothing. */
  ignore: string[];
}

const meaning = z.enum(valueMeanings);
const ofValues = z.record(z.string(), meaning);

/** As it is sent: `{"contact_point": "E-Mail", "state": "status", "states": {"active": "yes"}, "ignore": ["Notes"]}`. */
const mappingSchema = z
  .looseObject({
    state: z
      .string()
      .regex(/^[^=]|^=(yes|pending|no|withdrawn|bounced|complained)$/)
      .optional(),
    states: z.union([ofValues, z.record(z.string(), ofValues)]).optional(),
    state_at: z.string().regex(/^[^=]/).optional(),
    ignore: z.array(z.string()).optional(),
  })
  .refine(({ state, states, state_at, ignore, ...columns }) =>
    Object.values(columns).every((column) => typeof column === 'string'),
  );

/** `undefined` for what is no mapping. */
export function readMapping(json: unknown): Mapping | undefined {
  const read = mappingSchema.safeParse(json);
  if (!read.success) return undefined;
  const { state, states = {}, state_at, ignore = [], ...columns } = read.data;
  const column = state?.startsWith('=') ? undefined : state;
  const flat = Object.entries(states).filter((entry): entry is [string, ValueMeaning] => isMeaning(entry[1]));
  // The values of one column need to say whose they are.
  if (flat.length > 0 && column === undefined) return undefined;
  const named = Object.entries(states).flatMap(([name, values]): [string, Map<string, ValueMeaning>][] =>
    isMeaning(values) ? [] : [[name.trim(), meaningsOf(Object.entries(values))]],
  );
  return {
    columns: columns as Record<string, string>,
    state: stateOf(state, column),
    states: new Map(column && flat.length > 0 ? [...named, [column.trim(), meaningsOf(flat)]] : named),
    stateAt: state_at?.trim(),
    ignore: ignore.map((name) => name.trim()),
  };
}

function stateOf(state: string | undefined, column: string | undefined): Mapping['state'] {
  if (state === undefined) return undefined;
  return column === undefined ? { fixed: state.slice(1) as RowState } : { column: column.trim() };
}

/** A mapping of columns only. */
export function mappingOf(columns: Record<string, string>): Mapping {
  return { columns, states: new Map(), ignore: [] };
}

/** How a value of a state is compared: without regard to case and outer blanks. */
export function stateKey(value: string): string {
  return value.trim().toLowerCase();
}

export function isRowState(value: string): value is RowState {
  return (rowStates as readonly string[]).includes(value);
}

function isMeaning(value: unknown): value is ValueMeaning {
  return typeof value === 'string';
}

function meaningsOf(entries: [string, ValueMeaning][]): Map<string, ValueMeaning> {
  return new Map(entries.map(([value, says]) => [stateKey(value), says]));
}
