import { type Mapping, mappingOf } from './mapping.ts';
import { isNo, type ValueMeaning } from './row-states.ts';
import { planStates, type StatePlan, type Unanswered } from './state-plan.ts';

/** The fields of an import line. */
const about = [
  'contact_point',
  'channel',
  'purpose',
  'audience',
  'basis',
  'method',
  'text_version',
  'captured_at',
  'captured_by',
];
const personFields = ['given_name', 'family_name', 'company', 'street', 'postal_code', 'city', 'country'];
const evidenceFields = ['source', 'proof_ref', 'confirmed_at'];

/** Every name that a column can have, besides `evidence.…` for further evidence. */
export const importNames = [...about, ...personFields, ...evidenceFields];

export const requiredNames = [
  'contact_point',
  'channel',
  'purpose',
  'text_version',
  'captured_at',
  'captured_by',
  'source',
];

/** Required for a no; a yes needs the other names as well. */
export const requiredOfNo = ['contact_point', 'channel'];

export interface ColumnPlan {
  /** Columns of the file that are not read. */
  ignored: string[];
  read: (cells: string[]) => RowContent;
  /** Call it after the last row: states whose meaning the mapping does not say. */
  open: () => PlanFault | undefined;
}

/** A row with our field names, and its state. */
export interface RowContent {
  values: Record<string, string>;
  state?: ValueMeaning | undefined;
  stateAt?: string | undefined;
}

export type PlanFaultCode =
  | 'not_utf8'
  | 'missing_columns'
  | 'unknown_columns'
  | 'duplicate_column'
  | 'unknown_field'
  | 'no_such_column'
  | 'state_unanswered'
  | 'too_many_rows'
  | 'no_rows';

export interface PlanFault {
  code: PlanFaultCode;
  message: string;
  /** The columns or fields that it is about. */
  names?: string[];
  /** The values that it is about. */
  values?: string[];
}

/** Without a mapping every column must have one of our names, so no unknown column is skipped silently. */
export function planColumns(columns: string[], given: Mapping | undefined): ColumnPlan | PlanFault {
  const names = columns.map((name) => name.trim());
  const mapping = given ?? ownStates(names);
  const fault = mappingFault(names, mapping);
  if (fault) return fault;
  const own = names.filter((name) => isKnown(name) && !(given && name in mapping.columns));
  const sources = { ...Object.fromEntries(own.map((name) => [name, name])), ...mapping.columns };
  const people = new Set(personFields.flatMap((name) => sources[name] ?? []));
  const states = planStates(names, mapping, people);
  const open = unansweredFault({ names: states.unanswered, values: [] });
  if (open) return open;
  const missing = neededBy(mapping).filter((name) => !sources[name]);
  if (missing.length > 0) {
    const message = `There is no column for: ${missing.join(', ')}.`;
    return { code: 'missing_columns', message, names: missing };
  }
  const used = [...Object.values(sources).filter((source) => !source.startsWith('=')), ...states.answered];
  const ignored = names.filter((name) => !used.includes(name) || mapping.ignore.includes(name));
  if (!given && ignored.length > 0) {
    return {
      code: 'unknown_columns',
      message: `These columns are unknown: ${ignored.join(', ')}. Name them in a mapping, or leave them out.`,
      names: ignored,
    };
  }
  const twice = used.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice) {
    const message = `The file has the column ${twice} twice.`;
    return { code: 'duplicate_column', message, names: [twice] };
  }
  return { ignored, read: reading(names, sources, states), open: () => unansweredFault(states.open()) };
}

/** A file with our field names may use our names of states. */
function ownStates(names: string[]): Mapping {
  const named = (name: string) => (names.includes(name) ? name : undefined);
  const state = named('state');
  return { ...mappingOf({}), state: state ? { column: state } : undefined, stateAt: named('state_at') };
}

/** Unless every row is a yes, missing fields are reported for each row. */
function neededBy({ state, states }: Mapping): string[] {
  const claimsYes = state && 'fixed' in state ? !isNo(state.fixed) : state === undefined && states.size === 0;
  return claimsYes ? requiredNames : requiredOfNo;
}

function reading(names: string[], sources: Record<string, string>, states: StatePlan) {
  const takes = Object.entries(sources).map(([name, source]) => ({
    name,
    fixed: source.startsWith('=') ? source.slice(1) : undefined,
    at: names.indexOf(source),
  }));
  return (cells: string[]): RowContent => {
    const values = takes.flatMap(({ name, fixed, at }) => {
      const value = (fixed ?? cells[at] ?? '').trim();
      return value === '' ? [] : [[name, value]];
    });
    const [state, stateAt] = [states.stateOf(cells), states.stateAt(cells)];
    return { values: Object.fromEntries(values), ...(state && { state }), ...(stateAt && { stateAt }) };
  };
}

function unansweredFault(open: Unanswered | undefined): PlanFault | undefined {
  if (!open || open.names.length === 0) return undefined;
  const values = open.values.length > 0 ? ` (${open.values.join(', ')})` : '';
  return {
    code: 'state_unanswered',
    message:
      `These columns read like a status, an end or a no: ${open.names.join(', ')}${values}. ` +
      'Say in `state`, `states` or `state_at` what they mean, or name them in `ignore`.',
    ...open,
  };
}

function mappingFault(names: string[], mapping: Mapping): PlanFault | undefined {
  const { columns, state, states, stateAt, ignore } = mapping;
  const unknown = Object.keys(columns).find((name) => !isKnown(name));
  if (unknown !== undefined) {
    return {
      code: 'unknown_field',
      message: `An import has no field ${unknown}. It has: ${[...importNames, ...stateNames].join(', ')}.`,
      names: [unknown],
    };
  }
  const sources = Object.values(columns).filter((source) => !source.startsWith('='));
  const stated = [...(state && 'column' in state ? [state.column] : []), ...states.keys(), ...ignore];
  const absent = [...sources, ...stated, ...(stateAt ? [stateAt] : [])].find((one) => !names.includes(one));
  if (absent === undefined) return undefined;
  return {
    code: 'no_such_column',
    message: `The file has no column ${absent}. It has: ${names.join(', ')}.`,
    names: [absent],
  };
}

/** The fields of a mapping that are about states. */
const stateNames = ['state', 'states', 'state_at', 'ignore'];

function isKnown(name: string): boolean {
  return importNames.includes(name) || /^evidence\.[a-z0-9_]{1,60}$/.test(name);
}

/** A line in the shape that captures have. */
export function captureOf(values: Record<string, string>) {
  const pick = (names: string[]) =>
    Object.fromEntries(names.flatMap((name) => (values[name] ? [[name, values[name]]] : [])));
  const more = Object.entries(values).flatMap(([name, value]): [string, string][] =>
    name.startsWith('evidence.') ? [[name.slice('evidence.'.length), value]] : [],
  );
  return {
    ...pick(about),
    person: pick(personFields),
    evidence: { ...Object.fromEntries(more), ...pick(evidenceFields) },
  };
}
