import type { Tx } from '#db/connect.ts';
import { everyOther, sourceName } from './names.ts';

/** So many sources of a form have figures of their own. Anybody can invent one, so their number is bounded. */
export const mostSources = 100;

/** The name under which a source is counted. Call it for one act after the other: it may add to the list. */
export async function openSources(
  tx: Tx,
): Promise<(formId: string, source: string | null) => Promise<string>> {
  const known = new Map<string, Set<string>>();
  const namesOf = async (formId: string) => {
    const found = known.get(formId);
    if (found) return found;
    const rows = await tx.selectFrom('form_sources').select('source').where('form_id', '=', formId).execute();
    const names = new Set(rows.map((row) => row.source));
    known.set(formId, names);
    return names;
  };
  return async (formId, source) => {
    const name = sourceName(source);
    if (name === '' || name === everyOther || formId === '') return name;
    const names = await namesOf(formId);
    if (names.has(name)) return name;
    if (names.size >= mostSources) return everyOther;
    names.add(name);
    await tx.insertInto('form_sources').values({ form_id: formId, source: name }).execute();
    return name;
  };
}
