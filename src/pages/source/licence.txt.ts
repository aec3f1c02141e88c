import type { APIRoute } from 'astro';
import { licenceText } from '#src/http/source-code.ts';

export const GET: APIRoute = async () =>
  new Response(await licenceText(), { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
