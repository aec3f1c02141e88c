/** What a line of an import may say, and from which column of the file each of it is taken. */
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
const ofPerson = ['given_name', 'family_name', 'company', 'street', 'postal_code', 'city', 'country'];
const ofEvidence = ['source', 'proof_ref', 'confirmed_at'];

/** Every name that a column can have; `evidence.…` besides, for whatever else shows it. */
export const importNames = [...about, ...ofPerson, ...ofEvidence];

export const neededNames = [
  'contact_point',
  'channel',
  'purpose',
  'text_version',
  'captured_at',
  'captured_by',
  'source',
];

/** Our name → the name of a column in the file, or `=` and what holds for every line. */
export type Mapping = Record<string, string>;

export interface ColumnPlan {
  /** Columns of the file that nothing is taken from. */
  ignored: string[];
  /** The cells of a line under our names. */
  valuesOf: (cells: string[]) => Record<string, string>;
}

export type PlanFaultCode =
  | 'not_utf8'
  | 'missing_columns'
  | 'unknown_columns'
  | 'duplicate_column'
  | 'unknown_field'
  | 'no_such_column'
  | 'too_many_rows'
  | 'no_rows';

export interface PlanFault {
  code: PlanFaultCode;
  message: string;
  /** The columns or entries that it is about. */
  names?: string[];
}

/** Without a mapping every column has to have one of our names: what nobody understands is not left out silently. */
export function planColumns(columns: string[], mapping: Mapping | undefined): ColumnPlan | PlanFault {
  const names = columns.map((name) => name.trim());
  const fault = mappingFault(names, mapping ?? {});
  if (fault) return fault;
  const own = names.filter((name) => isKnown(name) && !(mapping && name in mapping));
  const sources = { ...Object.fromEntries(own.map((name) => [name, name])), ...mapping };
  const missing = neededNames.filter((name) => !sources[name]);
  if (missing.length > 0) {
    const message = `There is no column for: ${missing.join(', ')}.`;
    return { code: 'missing_columns', message, names: missing };
  }
  const used = Object.values(sources).filter((source) => !source.startsWith('='));
  const ignored = names.filter((name) => !used.includes(name));
  if (!mapping && ignored.length > 0) {
    return {
      code: 'unknown_columns',
      message: `Nothing is known about these columns: ${ignored.join(', ')}. Name them in a mapping, or leave them out.`,
      names: ignored,
    };
  }
  const twice = used.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
  if (twice) {
    const message = `The file has the column ${twice} twice.`;
    return { code: 'duplicate_column', message, names: [twice] };
  }
  const takes = Object.entries(sources).map(([name, source]) => ({
    name,
    fixed: source.startsWith('=') ? source.slice(1) : undefined,
    at: names.indexOf(source),
  }));
  return {
    ignored,
    valuesOf: (cells) =>
      Object.fromEntries(
        takes.flatMap(({ name, fixed, at }) => {
          const value = (fixed ?? cells[at] ?? '').trim();
          return value === '' ? [] : [[name, value]];
        }),
      ),
  };
}

function mappingFault(names: string[], mapping: Mapping): PlanFault | undefined {
  const unknown = Object.keys(mapping).find((name) => !isKnown(name));
  if (unknown !== undefined) {
    return {
      code: 'unknown_field',
      message: `An import has no field ${unknown}. It has: ${importNames.join(', ')}.`,
      names: [unknown],
    };
  }
  const absent = Object.values(mapping).find((source) => !source.startsWith('=') && !names.includes(source));
  if (absent === undefined) return undefined;
  return {
    code: 'no_such_column',
    message: `The file has no column ${absent}. It has: ${names.join(', ')}.`,
    names: [absent],
  };
}

function isKnown(name: string): boolean {
  return importNames.includes(name) || /^evidence\.[a-z0-9_]{1,60}$/.test(name);
}

/** A line as the rules of captures take it. */
export function captureOf(values: Record<string, string>) {
  const pick = (names: string[]) =>
    Object.fromEntries(names.flatMap((name) => (values[name] ? [[name, values[name]]] : [])));
  const more = Object.entries(values).flatMap(([name, value]): [string, string][] =>
    name.startsWith('evidence.') ? [[name.slice('evidence.'.length), value]] : [],
  );
  return {
    ...pick(about),
    person: pick(ofPerson),
    evidence: { ...Object.fromEntries(more), ...pick(ofEvidence) },
  };
}
