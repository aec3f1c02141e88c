import { z } from 'zod';
import type { PlainKey } from '#src/i18n/translate.ts';

/** A field of a desk form, declared once: what its action reads, and how its page shows it. */
export interface FieldSpec {
  /** See `http/form-schema.ts`. */
  schema: z.ZodType;
  /** `line` where it is missing. The options of a `choice` come from the page. */
  kind?: 'line' | 'lines' | 'email' | 'password' | 'date' | 'digits' | 'choice' | 'tick';
  label: PlainKey;
  /** Help above the entry. */
  hint?: PlainKey;
  /** How long an answer to expect. */
  size?: 'short' | 'medium' | 'long';
  /** Of `lines`. */
  rows?: number;
  /** Says "(optional)"; all others of one line are required. */
  optional?: true;
  /** For the browser's memory; `off` where it is missing. */
  autocomplete?: string;
}

export type FieldSpecs = Record<string, FieldSpec>;

/** What `FieldSet.astro` shows and `schemaOf` reads. */
export function fieldSet<const Specs extends FieldSpecs>(specs: Specs): Specs {
  return specs;
}

/** For `deskAction`. */
export function schemaOf<Specs extends FieldSpecs>(specs: Specs) {
  const shape = Object.fromEntries(Object.entries(specs).map(([name, { schema }]) => [name, schema]));
  return z.object(shape as { [Name in keyof Specs]: Specs[Name]['schema'] });
}
