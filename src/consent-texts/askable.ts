import { type RawBuilder, sql } from 'kysely';
import type { ConsentTextVersionTable } from '#db/schema.ts';

type Standing = Pick<ConsentTextVersionTable, 'stopped_at' | 'invalidated_at'>;

/** Why nobody may be asked with these words, and nothing open in them be confirmed. */
export type TextBlock = 'stopped' | 'invalid';

/** `undefined`: they may be asked, as far as legal is concerned. */
export function textBlock({ stopped_at, invalidated_at }: Standing): TextBlock | undefined {
  if (invalidated_at !== null) return 'invalid';
  return stopped_at !== null ? 'stopped' : undefined;
}

/** The same as a condition on the versions under this name. */
export function isAskable(versions: string): RawBuilder<boolean> {
  const column = (name: keyof Standing) => sql.ref(`${versions}.${name}`);
  return sql<boolean>`(${column('stopped_at')} is null and ${column('invalidated_at')} is null)`;
}
