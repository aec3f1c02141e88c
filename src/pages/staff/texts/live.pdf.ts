import type { APIRoute } from 'astro';
import { textsOnDate } from '#src/consent-texts/texts-on-date.ts';
import { dateText } from '#src/i18n/dates.ts';
import { openDesk } from './_place.ts';
import { livePaper, momentOf, pdfOf } from './_print.ts';

export const GET: APIRoute = async (context) => {
  const { app, locale, t } = openDesk(context);
  const { at, day } = momentOf(context.url.searchParams.get('on'), app.now());
  const paper = livePaper(t, await textsOnDate(app.db, at), dateText(at, locale), app.now());
  return pdfOf(t, paper, `live-${day}.pdf`);
};
