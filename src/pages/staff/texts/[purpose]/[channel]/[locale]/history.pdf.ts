import type { APIRoute } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { requireText } from '../../../_place.ts';
import { historyPaper, pdfOf } from '../../../_print.ts';

export const GET: APIRoute = async (context) => {
  const { app, t } = openDesk(context);
  const text = await requireText(context);
  const { purpose, channel, locale } = text.place;
  return pdfOf(t, historyPaper(t, text, app.now()), `${purpose}-${channel}-${locale}.pdf`);
};
