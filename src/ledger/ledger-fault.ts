/** Something in the ledger that does not fit. */
export interface LedgerFault {
  table: string;
  id: string;
  /** One sentence. */
  message: string;
}
