import type { App } from '#src/app/app.ts';
import type { MatrixCell } from '#src/ledger/permission-matrix.ts';
import { decideContacts } from './decide-contacts.ts';
import type { Audience, Decision, Jurisdiction } from './facts.ts';

/** A cell with its current decision. Null: the person has no address on this channel. */
export interface DecidedCell extends MatrixCell {
  decision: Decision | null;
}

/** The current decision for each cell of a person's matrix. Without a country, by the law of each address. */
export async function decideCells(
  app: App,
  cells: MatrixCell[],
  audience: Audience,
  jurisdiction?: Jurisdiction,
): Promise<DecidedCell[]> {
  const decided: DecidedCell[] = [];
  for (const cell of cells) {
    const { purpose, channel, contactPoint } = cell;
    const question = { purpose, channel, audience, jurisdiction };
    const [one] = contactPoint ? await decideContacts(app, app.db, question, [contactPoint]) : [];
    decided.push({ ...cell, decision: one?.decision ?? null });
  }
  return decided;
}
