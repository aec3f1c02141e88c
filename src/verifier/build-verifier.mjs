import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** `verify.mjs` as one file that people can read: not minified, with the comments of its sources. */
export async function buildVerifier() {
  const entry = fileURLToPath(new URL('main.ts', import.meta.url));
  // Above imports esbuild drops every comment.
  const [about = ''] = /^\/\*\*.*?\*\/\n/s.exec(await readFile(entry, 'utf8')) ?? [];
  const { outputFiles } = await build({
    entryPoints: [entry],
    absWorkingDir: fileURLToPath(new URL('../..', import.meta.url)),
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    charset: 'utf8',
    legalComments: 'inline',
    plugins: [keepComments],
  });
  const code = outputFiles[0]?.text ?? '';
  const readable = code.replace(/^(\s*)\/\*!/gm, '$1/**').replace(/^(\s*)\/\/!/gm, '$1//');
  return `${about}\n${readable}`;
}

/** esbuild keeps comments that look like a licence, and no others. */
const keepComments = {
  name: 'keep-comments',
  setup(/** @type {import('esbuild').PluginBuild} */ { onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replace(/^(\s*)\/\*\*/gm, '$1/*!').replace(/^(\s*)\/\/ /gm, '$1//! ');
      return { contents, loader: 'ts' };
    });
  },
};
