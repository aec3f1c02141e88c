import type { Basis } from '#db/schema.ts';

/** What a capture recorded about the offer and the reason, as decisions read it. Kept in the table `grounds`. */
export interface GroundRecord {
  saleAt?: string;
  productLine?: string;
  reasonCode?: string;
  subject?: string;
  /** Of an import: the system that claims it. */
  source?: string;
}

/** A row of `grounds`, read. */
export interface Ground {
  basis: Basis;
  method: string | null;
  occurredAt: string;
  record: GroundRecord;
  missingEvidence: string[];
  missing7a: string[];
  audience: 'consumer' | 'business' | null;
  /** Whether the scan or recording that it names is here. Null: it names none. */
  fileHere: boolean | null;
}
