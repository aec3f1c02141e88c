import type { APIRoute } from 'astro';
import { Problem } from '#src/http/problem.ts';
import { sourceArchive } from '#src/http/source-code.ts';

export const GET: APIRoute = async () => {
  const archive = await sourceArchive();
  if (!archive) throw new Problem(404);
  return new Response(archive, {
    headers: {
      'Content-Type': 'application/gzip',
      'Content-Disposition': 'attachment; filename="jawort-source.tar.gz"',
    },
  });
};
