const known = new WeakMap<object, ReadonlySet<string> | undefined>();

/** The tables that a query names, in whatever place. `undefined` where SQL written by hand may name others. */
export function tablesOf(query: object): ReadonlySet<string> | undefined {
  if (known.has(query)) return known.get(query);
  const tables = new Set<string>();
  const found = collect(query, tables) ? tables : undefined;
  known.set(query, found);
  return found;
}

/** The parts of Kysely's nodes that this looks at. */
interface Node {
  kind?: string;
  sqlFragments?: readonly string[];
  identifier?: { name: string };
}

function collect(node: Node, tables: Set<string>): boolean {
  if (node.kind === 'RawNode' && node.sqlFragments?.some(mayNameTables)) return false;
  if (node.kind === 'SchemableIdentifierNode' && node.identifier) tables.add(node.identifier.name);
  return Object.values(node).every(
    (value) => typeof value !== 'object' || value === null || collect(value, tables),
  );
}

function mayNameTables(sql: string): boolean {
  return /\b(?:from(?! json_each\()|join|into|update)\b/i.test(sql);
}
