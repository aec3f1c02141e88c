/** How a form is operated now. No row: open, the usual limits, no proof of work, no test. */
export interface FormSwitchesTable {
  form_id: string;
  /** While it is closed: the text to show instead, by locale, as JSON. Null: the usual sentence. */
  closed_words: string | null;
  /** 1: browsers are asked for a proof of work. */
  proof_of_work: number;
  /** The limits that differ from the usual ones, as JSON. */
  limits: string;
  /** Since when it is in test mode. */
  test_since: string | null;
}

/** A box that a form does not show while its text is stopped or invalid, and shows again when there are words. */
export interface PausedBoxTable {
  form_id: string;
  /** `product-news:email` */
  value: string;
  /** Its place among the boxes of the form. */
  position: number;
  paused_at: string;
  /** The fields of the form with this box, as JSON: some may be asked for this box alone. */
  fields: string;
  /** 1: no other box was left, so the form was closed. */
  closed_form: number;
}

/** The addresses that get mails from a form in test mode. Deleted when the test ends. */
export interface FormTestAddressTable {
  form_id: string;
  lookup_hash: string;
  /** Encrypted with the wrapping key, because it is not a person's contact point. */
  address_enc: string;
  created_at: string;
}

/** A form got many times its usual signups. */
export interface FormAlarmTable {
  form_id: string;
  /** `2026-11-25T01` */
  hour: string;
  signups: number;
  hourly_mean: number;
  raised_at: string;
  /** When a member of staff acknowledged it. */
  seen_at: string | null;
}
