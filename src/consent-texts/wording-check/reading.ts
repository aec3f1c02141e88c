import type { CheckInput, RuleLanguage } from './check-input.ts';
import { type MappedText, type Span, tidied } from './mapped-text.ts';
import { withdrawalsIn } from './sentences.ts';
import { occurrences } from './spans.ts';

/** Longer texts are refused anyhow; what stands behind is not read, so that nothing can take for ever. */
export const READ_AT_MOST = 20_000;

export interface TextField {
  name: 'wording' | 'title' | 'heading' | 'hint' | 'button' | 'other';
  original: string;
  tidy: MappedText;
  /** Where declared company names stand. */
  names: Span[];
  withdrawals: Span[];
  /** Where the products of the purpose stand. */
  products: Span[];
}

/** The input as all rules see it. */
export interface Reading {
  input: CheckInput;
  locale: RuleLanguage;
  reader: RuleLanguage;
  wording: TextField;
  /** The wording first, then the words around it. */
  fields: TextField[];
}

export function readInput(input: CheckInput): Reading {
  const names = [...(input.controllers ?? []), ...(input.recipients ?? [])].map(
    ({ name }) => tidied(name).text,
  );
  const read = (name: TextField['name'], original: string): TextField => {
    const tidy = tidied(original.slice(0, READ_AT_MOST));
    const withdrawals = withdrawalsIn(tidy.text, input.locale);
    const products = occurrences(input.terms ?? [], tidy.text);
    return { name, original, tidy, names: occurrences(names, tidy.text), withdrawals, products };
  };
  const wording = read('wording', input.wording);
  const around = AROUND.flatMap((name) => (input[name] ? [read(name, input[name])] : []));
  const others = (input.otherPlaces ?? []).map((place) => read('other', place));
  return {
    input,
    locale: input.locale,
    reader: input.reader ?? input.locale,
    wording,
    fields: [wording, ...around, ...others],
  };
}

const AROUND = ['title', 'heading', 'hint', 'button'] as const;
