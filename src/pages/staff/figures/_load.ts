import type { Locale } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { periodBefore } from '#src/figures/period.ts';
import { readAgeing } from '#src/figures/read-ageing.ts';
import { readContactable } from '#src/figures/read-contactable.ts';
import { readDelays } from '#src/figures/read-delays.ts';
import { readFlow } from '#src/figures/read-flow.ts';
import { readFunnel } from '#src/figures/read-funnel.ts';
import { readHealth } from '#src/figures/read-health.ts';
import { readMarks } from '#src/figures/read-marks.ts';
import { readPages } from '#src/figures/read-pages.ts';
import { readPlaces } from '#src/figures/read-places.ts';
import { readTrends } from '#src/figures/read-trends.ts';
import { settleFigures } from '#src/figures/settle-figures.ts';
import { askedFigures } from './_filter.ts';

/** Everything that both kinds of pages and their files are made of, as it is now. */
export async function loadFigures(app: App, query: URLSearchParams, locale: Locale, formKey?: string) {
  const now = app.now();
  // What this process has seen and the ledger has told since the last round is part of now.
  await app.sightings.flush();
  await settleFigures(app);
  const asked = await askedFigures(app.db, query, now, formKey);
  const places = await readPlaces(app.db, locale, now);
  const { db } = app;
  const { filter } = asked;
  const [funnel, before, delays, flow, marks, trends, contactable, ageing, health, pages] = await Promise.all(
    [
      readFunnel(db, filter),
      readFunnel(db, { ...filter, ...periodBefore(filter) }),
      readDelays(db, filter),
      readFlow(db, filter),
      readMarks(db, filter),
      readTrends(db, filter),
      formKey ? [] : readContactable(db, places, now),
      formKey ? undefined : readAgeing(db, places, now),
      formKey ? undefined : readHealth(app),
      filter.formId ? readPages(db, filter.formId) : [],
    ],
  );
  return { ...asked, funnel, before, delays, flow, marks, trends, contactable, ageing, health, pages };
}

export type Figures = Awaited<ReturnType<typeof loadFigures>>;
