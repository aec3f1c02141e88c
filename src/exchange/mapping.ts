import { z } from 'zod';
import { type RowState, rowStates, type ValueMeaning, valueMeanings } from './row-states.ts';

/** The parsed mapping of an import: the column of each field, and the meaning of its states. */
export interface Mapping {
  /** Our field name → a column of the file, or `=` and a value for every row. */
  columns: Record<string, string>;
  /** A column with the state, or one state for all rows. */
  state?: { column: string } | { fixed: RowState } | undefined;
  /** The meaning of the values of a column, by their normalised spelling; `*` is every other value. */
  states: Map<string, Map<string, ValueMeaning>>;
  /** The column with the time of the state. */
  stateAt?: string | undefined;
  /** Columns that a person has checked: they carry no state. */
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

/** `undefined` when it is not a mapping. */
export function readMapping(json: unknown): Mapping | undefined {
  const read = mappingSchema.safeParse(json);
  if (!read.success) return undefined;
  const { state, states = {}, state_at, ignore = [], ...columns } = read.data;
  const column = state?.startsWith('=') ? undefined : state;
  const flat = Object.entries(states).filter((entry): entry is [string, ValueMeaning] => isMeaning(entry[1]));
  // Values without a column belong to the column of the state, so there must be one.
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
