import type { APIRoute } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { requireText } from '#src/desk/require-text.ts';
import { historyPaper, pdfOf } from '../../../_print.ts';

export const GET: APIRoute = async (context) => {
  const { app, t } = openDesk(context);
  const text = await requireText(app.db, context.params);
  const { purpose, channel, locale } = text.place;
  return pdfOf(t, historyPaper(t, text, app.now()), `${purpose}-${channel}-${locale}.pdf`);
};
