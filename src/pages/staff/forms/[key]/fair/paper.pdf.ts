import type { APIRoute } from 'astro';
import { paperPdf } from '#src/forms/paper-pdf.ts';
import { paperOf } from './_paper-of.ts';

export const GET: APIRoute = async (context) => {
  const paper = await paperOf(context);
  return new Response(new Uint8Array(await paperPdf(paper)), {
    headers: {
      'Content-Type': 'application/pdf',
      'Content-Disposition': `inline; filename="${context.params.key}-${paper.locale}.pdf"`,
    },
  });
};
