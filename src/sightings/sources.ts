import type { Tx } from '#db/connect.ts';
import { otherName, sourceName } from './names.ts';

/** The most sources of a form that are counted separately. Anybody can invent sources, so their number is limited. */
export const mostSources = 100;

/** Returns the name under which a source is counted. Await each call before the next: it may add the name to the list. */
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
    if (name === '' || name === otherName || formId === '') return name;
    const names = await namesOf(formId);
    if (names.has(name)) return name;
    if (names.size >= mostSources) return otherName;
    names.add(name);
    await tx.insertInto('form_sources').values({ form_id: formId, source: name }).execute();
    return name;
  };
}
