import type { APIRoute } from 'astro';
import { cutLink } from '#src/links/cut-link.ts';
import { paths } from '#src/routes.ts';

/** Earlier versions gave one receipt of everything here. */
export const GET: APIRoute = ({ params, redirect }) =>
  redirect(`${paths.preferences(cutLink(params.link ?? ''))}#receipts`, 303);
