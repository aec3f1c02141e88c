import type { APIRoute } from 'astro';
import { issueReceipt } from '#src/dossiers/receipt.ts';
import { readerLocale } from '#src/http/locale.ts';
import { Problem } from '#src/http/problem.ts';
import { cutLink } from '#src/links/cut-link.ts';
import { paths } from '#src/routes.ts';

/** The receipt as a file. An older link leads back to the page, which offers a fresh one. */
export const GET: APIRoute = async ({ locals, params, request, redirect }) => {
  const link = cutLink(params.link ?? '');
  const result = await issueReceipt(locals.app, link, readerLocale(request));
  if (result.outcome === 'unknown_link') throw new Problem(404);
  if (result.outcome !== 'issued') return redirect(paths.preferences(link), 303);
  return new Response(`${JSON.stringify(result.receipt, null, 2)}\n`, {
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': 'attachment; filename="jawort-receipt.json"',
    },
  });
};
