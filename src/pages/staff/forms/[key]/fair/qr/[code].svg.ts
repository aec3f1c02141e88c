import type { APIRoute } from 'astro';
import { renderSVG } from 'uqr';
import { findShortLink } from '#src/forms/short-links.ts';
import { Problem } from '#src/http/problem.ts';
import { paths } from '#src/routes.ts';

/** The QR code of a short link, for posters of any size. */
export const GET: APIRoute = async ({ locals, params }) => {
  const { app } = locals;
  const code = params.code ?? '';
  const found = await findShortLink(app.db, code);
  if (found?.form !== params.key) throw new Problem(404);
  const svg = renderSVG(`${app.config.baseUrl}${paths.shortLink(code.toUpperCase())}`, { border: 4 });
  return new Response(svg, {
    headers: {
      'Content-Type': 'image/svg+xml',
      'Content-Disposition': `inline; filename="${code.toUpperCase()}.svg"`,
    },
  });
};
