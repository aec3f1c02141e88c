/** What was asked, as far as an answer depends on it: Astro's `Request` is one, and what an act gets. */
export interface Asked {
  method: string;
  url: string;
  headers: { get(name: string): string | null };
}

/** With what came along in it. */
export interface AskedWithBody extends Asked {
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array> | null;
}
