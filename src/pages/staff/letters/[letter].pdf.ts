import type { APIRoute } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { printedLetters } from '#src/letters/read-letters.ts';
import { pdfAnswer } from './_answer-pdf.ts';

export const GET: APIRoute = async (context) => {
  const { app, actor, t } = openDesk(context);
  const letterId = context.params.letter ?? '';
  const letters = await printedLetters(app, actor, { letterId });
  return pdfAnswer(letters, { duplex: false, title: t('letters.heading'), name: `letter-${letterId}.pdf` });
};
