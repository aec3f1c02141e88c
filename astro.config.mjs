import { writeFileSync } from 'node:fs';
import node from '@astrojs/node';
import { defineConfig, passthroughImageService } from 'astro/config';
import { buildLoader } from './src/embed/build-loader.mjs';
import { devServer } from './src/server/dev/dev-server.mjs';

const loader = buildLoader();

/**
 * The pages import what lies below them as it is, and not as a copy of their own in the bundle: the server has it
 * loaded already. Node resolves the names by package.json.
 */
function sharedWithServer() {
  const shared = /^#(?:db|emails|src)\/(?!pages\/|layouts\/|styles\/|env\.d).+\.ts$/;
  return {
    name: 'shared-with-server',
    apply: /** @type {const} */ ('build'),
    enforce: /** @type {const} */ ('pre'),
    applyToEnvironment: (/** @type {{ name: string }} */ environment) => environment.name !== 'client',
    resolveId: (/** @type {string} */ id) => (shared.test(id) ? { id, external: true } : undefined),
  };
}

export default defineConfig({
  output: 'server',
  // For `npm run dev` only.
  server: { port: Number(process.env.PORT ?? 4321), host: process.env.HOST ?? 'localhost' },
  // Above it the body throws when it is read. A file to import may be as long; every other page takes less.
  adapter: node({ mode: 'middleware', bodySizeLimit: 17 * 1024 * 1024 }),
  // The adapter would otherwise keep sessions as files.
  session: false,
  // Compression drops the spaces between inline elements, and consent texts are shown as they are hashed.
  compressHTML: false,
  // It would refuse one-click withdrawals and embedded forms; src/http/same-origin.ts knows them apart.
  security: { checkOrigin: false },
  // Code in guides is marked by classes: the content security policy allows no style in an attribute.
  markdown: { syntaxHighlight: 'prism' },
  // The content security policy allows styles and scripts from our own files only.
  build: { inlineStylesheets: 'never' },
  vite: {
    plugins: [sharedWithServer()],
    // Style sheets are written for today's browsers and built for those of the last three years.
    build: { assetsInlineLimit: 0, cssTarget: ['chrome111', 'firefox114', 'safari16.4'] },
    define: { EMBED_INTEGRITY: JSON.stringify(loader.integrity) },
  },
  integrations: [
    devServer({ loader }),
    {
      name: 'embed-loader',
      hooks: { 'astro:build:done': ({ dir }) => writeFileSync(new URL('embed.js', dir), loader.code) },
    },
  ],
  // No page has images to resize; src/middleware.ts lets nobody ask for it.
  image: { service: passthroughImageService() },
  devToolbar: { enabled: false },
});
