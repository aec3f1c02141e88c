import type { Basis } from '#db/schema/vocabulary.ts';

/** What a capture recorded about the offer and the reason. JSON in the table `grounds`. */
export interface GroundRecord {
  saleAt?: string;
  /** When the account was opened that stands in place of a sale. */
  accountAt?: string;
  productLine?: string;
  reasonCode?: string;
  subject?: string;
  /** Of an import: the system that claims the consent. */
  source?: string;
}

/** A row of the table `grounds`, parsed. */
export interface Ground {
  basis: Basis;
  method: string | null;
  occurredAt: string;
  record: GroundRecord;
  missingEvidence: string[];
  missing7a: string[];
  audience: 'consumer' | 'business' | null;
  /** Whether the named scan or recording is stored here. Null: none is named. */
  fileHere: boolean | null;
}
