/** What the loader on a foreign page and the script in the frame say to each other, by `postMessage`. */
export type FromFrame =
  | { type: 'jawort:ready'; form: string; height: number }
  | { type: 'jawort:height'; form: string; height: number }
  | { type: 'jawort:submitted'; form: string };

export interface FromHost {
  type: 'jawort:look';
  form: string;
  theme: string;
  compact: boolean;
  /** As the host wrote them; the frame takes only what it can check. */
  tokens: Record<string, string>;
  page_url: string;
  /** Never in an address, where servers and browsers would keep it. */
  prefill_email: string;
}
