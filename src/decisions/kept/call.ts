/** What was asked in one call, by whom, and what was said. */
export interface KeptCall {
  /** `key:…` of the API, `staff:…` at the desk, or `command line`. */
  askedBy: string;
  at: string;
  question: object;
  /** An object for each answer. What it says of its address is left out. */
  answers: readonly object[];
  /** The look-up hash of each address. Not set: it was not valid. */
  hashes?: readonly (string | undefined)[];
}

/** A call with the number of its first answer. */
export interface NumberedCall extends KeptCall {
  first: number;
}

/** E.g. `dec_9f3a61c2b04e-1z`: the process that answered, and the number of the answer, counted from its start. */
export function decisionId(writer: string, number: number): string {
  return `dec_${writer}-${number.toString(36)}`;
}

export function readDecisionId(id: string): { writer: string; number: number } | undefined {
  const [, writer, number] = /^dec_([0-9a-f]{12})-([0-9a-z]{1,10})$/.exec(id) ?? [];
  return writer && number ? { writer, number: Number.parseInt(number, 36) } : undefined;
}
