/**
 * One immutable fact about a person rather than about one permission: Art. 18 GDPR, and what a register of refusals
 * said of an address. Part of the ledger: a trigger refuses UPDATE and DELETE. Holds no personal value.
 */
export interface PersonEventTable {
  id: string;
  kind: 'restricted' | 'unrestricted' | 'register_checked';
  person_id: string;
  /** Counts the events of one person from 1. */
  number: number;
  /** The address that was looked up. Null for what is about all of them. */
  contact_point_id: string | null;
  register: Register | null;
  /** 1: it stands in the register. */
  refused: number | null;
  /** When it began to hold. An end of a restriction is announced first, so it may lie ahead. */
  occurred_at: string;
  recorded_at: string;
  actor: string;
  evidence_id: string;
  commitment: string;
  /** SHA-256 over every other column, hex. */
  hash: string;
}

/** Public registers of those who want no advertising: the ECG list in Austria, the star in the Swiss directory. */
export type Register = 'ecg' | 'star_entry';
