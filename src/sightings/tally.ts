export interface Tally<Key extends object, Count extends string> {
  add(key: Key, count: Count, by?: number): void;
  rows(): (Key & Record<Count, number>)[];
  readonly size: number;
}

/** Sums up counts by key before they are written as rows. */
export function tally<Key extends object, Count extends string>(counts: readonly Count[]): Tally<Key, Count> {
  const rows = new Map<string, Key & Record<Count, number>>();
  const zeros = Object.fromEntries(counts.map((count) => [count, 0])) as Record<Count, number>;
  return {
    add(key, count, by = 1) {
      const name = JSON.stringify(key);
      let row = rows.get(name);
      if (!row) {
        row = { ...key, ...zeros };
        rows.set(name, row);
      }
      (row as Record<Count, number>)[count] += by;
    },
    rows: () => [...rows.values()],
    get size() {
      return rows.size;
    },
  };
}
