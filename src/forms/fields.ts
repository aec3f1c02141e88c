import type { ContactPointFault } from '#src/people/normalised-contact-point.ts';

/** All submitted values, by field. */
export type FormFields = Record<string, string[]>;

export type IssueCode =
  | ContactPointFault
  | 'no_consent'
  | 'unknown_consent'
  | 'repeated'
  | 'text_changed'
  /** The version shows a box that is no longer in use. */
  | 'box_gone'
  | 'unknown_version';

/** A fault of one field. */
export interface Issue {
  field: string;
  code: IssueCode;
}

export function first(fields: FormFields, name: string): string | undefined {
  return fields[name]?.[0];
}
