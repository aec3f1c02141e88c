import type { ContactPointFault } from '#src/people/normalised-contact-point.ts';

/** Every value of every field, in the order they were sent. */
export type FormFields = Record<string, string[]>;

export type IssueCode =
  | ContactPointFault
  | 'no_consent'
  | 'unknown_consent'
  | 'repeated'
  | 'text_changed'
  /** A box that this version shows is not asked any more. */
  | 'box_gone'
  | 'unknown_version';

/** What stands in the way of one field, named like its input. */
export interface Issue {
  field: string;
  code: IssueCode;
}

export function first(fields: FormFields, name: string): string | undefined {
  return fields[name]?.[0];
}
