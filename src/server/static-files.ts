import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loaderVersion } from '#src/embed/snippets.ts';
import { paths } from '#src/routes.ts';

/**
 * The handful of small files that a build leaves for browsers, read and compressed once.
 *
 * Kept in memory on purpose: a new build beside the running process cannot take a file from under an answer.
 */
export function staticFiles(folder: string): (request: IncomingMessage, response: ServerResponse) => boolean {
  const files = new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [`/${relative(folder, path).split(sep).join('/')}`, load(path)];
      }),
  );
  return (request, response) => {
    const [path = '', query = ''] = request.url?.split('?') ?? [];
    const file = files.get(path);
    if (!file) return false;
    if (request.method === 'GET' || request.method === 'HEAD')
      answer(request, response, file, { path, query });
    else response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return true;
  };
}

interface File {
  type: string;
  etag: string;
  /** Its name in a snippet. */
  version: string;
  plain: Buffer;
  gzip: Buffer | undefined;
}

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
};

function load(path: string): File {
  const plain = readFileSync(path);
  const type = types[extname(path)] ?? 'application/octet-stream';
  const gzip = gzipSync(plain, { level: 9 });
  return {
    type,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    version: loaderVersion(createHash('sha384').update(plain).digest('base64')),
    plain,
    gzip: gzip.length < plain.length * 0.9 ? gzip : undefined,
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  file: File,
  { path, query }: { path: string; query: string },
): void {
  const zipped = /\bgzip\b/.test(String(request.headers['accept-encoding'])) ? file.gzip : undefined;
  response.setHeader('Content-Type', file.type);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('ETag', file.etag);
  response.setHeader('Cache-Control', cachingOf(file, path, query));
  if (path === paths.embedScript()) {
    // Foreign pages load it, and only with this may their browsers compare its hash.
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  }
  if (file.gzip) response.setHeader('Vary', 'Accept-Encoding');
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304).end();
    return;
  }
  if (zipped) response.setHeader('Content-Encoding', 'gzip');
  const body = zipped ?? file.plain;
  response.setHeader('Content-Length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** A snippet names the loader by its hash in the query, so a new one is asked for under a new address. */
function cachingOf(file: File, path: string, query: string): string {
  const isNamed = path.startsWith('/_astro/') || (query !== '' && query === `v=${file.version}`);
  if (isNamed) return 'public, max-age=31536000, immutable';
  if (path === paths.embedScript()) return 'public, max-age=86400, stale-while-revalidate=604800';
  return 'public, max-age=3600';
}
