import { type RawBuilder, sql } from 'kysely';
import type { ConsentTextVersionTable } from '#db/schema/consent-texts.ts';

type Standing = Pick<ConsentTextVersionTable, 'stopped_at' | 'invalidated_at'>;

/** Why a text must not be used to ask people, nor open requests for it be confirmed. */
export type TextBlock = 'stopped' | 'invalid';

/** `undefined`: legal has not blocked the text. */
export function textBlock({ stopped_at, invalidated_at }: Standing): TextBlock | undefined {
  if (invalidated_at !== null) return 'invalid';
  return stopped_at !== null ? 'stopped' : undefined;
}

/** The same as an SQL condition on the table or alias `versions`. */
export function isAskable(versions: string): RawBuilder<boolean> {
  const column = (name: keyof Standing) => sql.ref(`${versions}.${name}`);
  return sql<boolean>`(${column('stopped_at')} is null and ${column('invalidated_at')} is null)`;
}
