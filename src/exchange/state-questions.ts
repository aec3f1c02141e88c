import { csvRows } from './import-rows.ts';
import { isStateWord, readsLikeState } from './state-columns.ts';

/** A column whose meaning a person has to say, with its values. */
export interface StateQuestion {
  column: string;
  /** Its first different values, ignoring case. */
  values: string[];
  /** There are more values. */
  more: boolean;
}

/** The columns of a file that look like a status, an end or a no. */
export async function stateQuestions(file: Uint8Array): Promise<StateQuestion[]> {
  const { columns, rows } = csvRows(file);
  const seen = columns.map(() => new Map<string, string>());
  const said = columns.map((name) => readsLikeState(name.trim()));
  for await (const cells of rows) {
    for (const [index, values] of seen.entries()) {
      const value = (cells[index] ?? '').trim();
      if (value === '') continue;
      if (!said[index] && isStateWord(value)) said[index] = true;
      if (values.size <= mostShown) values.set(value.toLowerCase(), values.get(value.toLowerCase()) ?? value);
    }
  }
  return columns.flatMap((column, index) => {
    const values = [...(seen[index]?.values() ?? [])];
    if (!said[index]) return [];
    return [{ column: column.trim(), values: values.slice(0, mostShown), more: values.length > mostShown }];
  });
}

const mostShown = 12;
