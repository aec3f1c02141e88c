import type { APIRoute } from 'astro';
import { openDesk } from '#src/desk/open-desk.ts';
import { Problem } from '#src/http/problem.ts';
import { findScan } from '#src/permissions/look-up-scan.ts';

export const GET: APIRoute = async (context) => {
  const { app, actor } = openDesk(context);
  const { point = '', sha256 = '' } = context.params;
  const scan = await findScan(app, actor, point, sha256);
  if (!scan) throw new Problem(404);
  const ending = scan.type.split('/')[1];
  return new Response(new Uint8Array(scan.bytes), {
    headers: {
      'Content-Type': scan.type,
      // Saved, never shown: what somebody uploaded is not run in our own name.
      'Content-Disposition': `attachment; filename="scan-${sha256.slice(0, 8)}.${ending}"`,
    },
  });
};
