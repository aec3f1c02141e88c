import type { APIRoute } from 'astro';
import { themeIn, themeSheet } from '#src/forms/form-theme.ts';

/** The look that a form brings. The address says it all, so what it answers never changes. */
export const GET: APIRoute = ({ url }) =>
  new Response(themeSheet(themeIn(url.searchParams)), {
    headers: {
      'Content-Type': 'text/css; charset=utf-8',
      'Cache-Control': 'public, max-age=31536000, immutable',
    },
  });
