import type { Db } from '#db/connect.ts';
import { foldProductLine } from '#src/controllers/product-line.ts';

/** What legal has approved for a company's advertising to existing customers, as of a moment. */
export interface CustomerRules {
  /** Folded product lines that may be offered to who bought this one. */
  similarTo: ReadonlyMap<string, readonly string[]>;
  /** An account with a paid offer behind it counts as a sale. */
  accounts: boolean;
}

export const noCustomerRules: CustomerRules = { similarTo: new Map(), accounts: false };

export async function loadCustomerRules(db: Db, controllerId: string, at: string): Promise<CustomerRules> {
  const rows = await db
    .selectFrom('customer_rules')
    .select(['kind', 'line', 'similar_to'])
    .where('controller_id', '=', controllerId)
    .where('kind', '<>', 'notice')
    .where('approved_at', '<=', at)
    .where((eb) => eb.or([eb('retired_at', 'is', null), eb('retired_at', '>', at)]))
    .execute();
  const similarTo = new Map<string, string[]>();
  for (const { line, similar_to } of rows) {
    if (line === null || similar_to === null) continue;
    const bought = foldProductLine(line);
    similarTo.set(bought, [...(similarTo.get(bought) ?? []), foldProductLine(similar_to)]);
  }
  return { similarTo, accounts: rows.some(({ kind }) => kind === 'account') };
}
