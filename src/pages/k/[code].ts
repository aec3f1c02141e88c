import type { APIRoute } from 'astro';
import { findShortLink } from '#src/forms/short-links.ts';
import { Problem } from '#src/http/problem.ts';
import { paths } from '#src/routes.ts';

/** Short enough for a poster; says where it hung. */
export const GET: APIRoute = async ({ locals, params }) => {
  const found = await findShortLink(locals.app.db, params.code ?? '');
  if (!found) throw new Problem(404);
  const query = new URLSearchParams({ source: found.source });
  return new Response(null, { status: 302, headers: { Location: `${paths.form(found.form)}?${query}` } });
};
