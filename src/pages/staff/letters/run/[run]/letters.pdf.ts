import type { APIRoute } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { printedLetters } from '#src/letters/read-letters.ts';
import { pdfAnswer } from '../../_answer-pdf.ts';

export const GET: APIRoute = async (context) => {
  const { app, actor, t } = openDesk(context);
  const runId = context.params.run ?? '';
  const letters = await printedLetters(app, actor, { runId });
  const duplex = context.url.searchParams.get('duplex') === '1';
  return pdfAnswer(letters, { duplex, title: t('letters.heading'), name: `letters-${runId}.pdf` });
};
