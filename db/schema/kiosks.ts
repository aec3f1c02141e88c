/** `/k/{code}` leads to the form and names where it was seen. */
export interface FormShortLinkTable {
  code: string;
  form_id: string;
  source: string;
  created_at: string;
}

/** A device at a stand. Its pass is its id, signed, and is not stored. */
export interface FormKioskTable {
  id: string;
  form_id: string;
  /** What its signups count as. */
  source: string;
  /** The days on which its pass counts, in Germany, both included: `2026-11-25`. */
  from_day: string;
  to_day: string;
  created_at: string;
  /** When somebody at the desk ended it. */
  ended_at: string | null;
}
