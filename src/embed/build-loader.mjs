import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** `/embed.js` as one small file, with the hash by which a page may insist on exactly this one. */
export function buildLoader() {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('loader.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2019',
    charset: 'ascii',
    legalComments: 'none',
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  return { code, integrity: `sha384-${createHash('sha384').update(code).digest('base64')}` };
}
