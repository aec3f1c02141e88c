import type { APIRoute } from 'astro';
import { readerLocale } from '#src/http/locale.ts';
import { Problem } from '#src/http/problem.ts';
import { cutLink } from '#src/links/cut-link.ts';
import { issueReceipt, type ReceiptForm } from '#src/receipts/issue-receipt.ts';
import { paths } from '#src/routes.ts';

/**
 * The receipt of one permission: `{per_…}.pdf`, `.jws` or `.json`, and `.json?format=kantara`. An older link leads back to the
 * page, which offers a fresh one.
 */
export const GET: APIRoute = async ({ locals, params, request, redirect, url }) => {
  const link = cutLink(params.link ?? '');
  const [, permission = '', ending = ''] =
    /^(per_[0-9a-f-]+)\.(pdf|jws|json)$/.exec(params.receipt ?? '') ?? [];
  if (!permission) throw new Problem(404);
  const isKantara = ending === 'json' && url.searchParams.get('format') === 'kantara';
  const form = (isKantara ? 'kantara' : ending) as ReceiptForm;
  const result = await issueReceipt(locals.app, link, permission, { form, locale: readerLocale(request) });
  if (result.outcome === 'unknown_link' || result.outcome === 'not_found') throw new Problem(404);
  if (result.outcome !== 'issued') return redirect(paths.preferences(link), 303);
  return new Response(new Uint8Array(Buffer.from(result.body)), {
    headers: {
      'Content-Type': result.type,
      'Content-Disposition': `${ending === 'pdf' ? 'inline' : 'attachment'}; filename="${permission}.${ending}"`,
    },
  });
};
