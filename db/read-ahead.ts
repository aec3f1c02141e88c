/**
 * The pages of a long list; while one is worked on, the database reads the next.
 *
 * @param read gets the last row of the page before, and answers with an empty page at the end
 */
export async function* readAhead<Row>(
  read: (after: Row | undefined) => Promise<Row[]>,
): AsyncGenerator<Row[]> {
  let upcoming = read(undefined);
  for (;;) {
    const page = await upcoming;
    const last = page.at(-1);
    if (!last) return;
    upcoming = read(last);
    // A reader that stops early never awaits it.
    upcoming.catch(() => undefined);
    yield page;
  }
}
