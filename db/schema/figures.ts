import type { Channel } from './vocabulary.ts';

/** What became of the requests of a day, by form, source and channels. Numbers only: nobody can be found in them. */
export interface FormDayTable {
  /** The day of the request in Germany, `2026-11-25`: each later step counts on the day its request was made. */
  day: string;
  form_id: string;
  /** Capture source; '' for none, `*` for those that are not counted separately. */
  source: string;
  /** The channels asked for in their order, `email,phone`; '' where the form was only shown. */
  channels: string;
  shown: number;
  submitted: number;
  /** The mail was taken by the server it was sent to. */
  mailed: number;
  /** Counted in memory, so this one alone may lose a few when a machine fails. */
  opened: number;
  confirmed: number;
  rejected: number;
  expired: number;
  /** Taken back before it was confirmed. */
  cancelled: number;
  /** Refused by the mail server, given up, or bounced. */
  undelivered: number;
}

/** How long people took from request to confirmation, in classes; see `figures/delays.ts`. */
export interface ConfirmDelayTable {
  day: string;
  form_id: string;
  source: string;
  /** Where the class begins. */
  minutes: number;
  confirmed: number;
}

/** Permissions that began and ended on a day. All days together make the permissions that stand now. */
export interface PermissionDayTable {
  day: string;
  /** The form it was given through, also on the day when it ends; '' for other ways. */
  form_id: string;
  source: string;
  purpose_id: string;
  channel: Channel;
  granted: number;
  withdrawn: number;
  expired: number;
}

/** The pages that a form was seen on, without what follows `?` or may name somebody. */
export interface FormPageTable {
  form_id: string;
  /** Address of the page; '' for the form's own, `*` for pages beyond the number that is kept. */
  page: string;
  shown: number;
  submitted: number;
  first_seen_at: string;
  last_seen_at: string;
}

/** The sources that are counted separately. */
export interface FormSourceTable {
  form_id: string;
  source: string;
}

/** Steps of signups that are not in the ledger, until the next round of counting. Triggers fill it. */
export interface FigureMarkTable {
  signup_id: string;
  step: 'mailed' | 'undelivered' | 'cancelled';
}

/** One row: up to which position of the ledger the figures count. */
export interface FigureProgressTable {
  id: number;
  position: number;
}
