import type { APIRoute } from 'astro';
import { textsOnDate } from '#src/consent-texts/texts-on-date.ts';
import { openDesk } from '#src/desk/open-desk.ts';
import { Problem } from '#src/http/problem.ts';
import { dateText } from '#src/i18n/dates.ts';
import { livePaper, momentOf, pdfOf } from './_print.ts';

export const GET: APIRoute = async (context) => {
  const { app, locale, t } = openDesk(context);
  const { at, day, notADay } = momentOf(context.url.searchParams.get('on'), app.now());
  if (notADay) throw new Problem(404);
  const paper = livePaper(t, await textsOnDate(app.db, at), dateText(at, locale), app.now());
  return pdfOf(t, paper, `live-${day}.pdf`);
};
