import { fileURLToPath } from 'node:url';

const here = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * `npm run dev`: puts the same parts in front of Astro as the real server does, in the same order, but loaded by Vite.
 * An edit of any file shows with the next request.
 *
 * @param {{ loader: { code: Uint8Array } }} built
 * @returns {import('astro').AstroIntegration}
 */
export function devServer({ loader }) {
  return {
    name: 'dev-server',
    hooks: {
      'astro:config:setup': ({ command, addMiddleware, addWatchFile }) => {
        if (command !== 'dev') return;
        addMiddleware({ order: 'pre', entrypoint: here('dev-middleware.mjs') });
        // It is built with the configuration: after an edit the development server starts again.
        addWatchFile(here('../../embed/loader.ts'));
      },
      'astro:server:setup': ({ server }) => {
        server.watcher.on('change', (path) => {
          for (const module of readersOf(path)) server.watcher.emit('change', here(module));
        });
        const { runner } = /** @type {ModuleLoader} */ (/** @type {unknown} */ (server.environments.ssr));
        server.middlewares.use((request, response, next) => {
          if (belongsToVite.test(request.url ?? '')) return next();
          if (request.url?.split('?')[0] === '/embed.js') {
            response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
            response.setHeader('Access-Control-Allow-Origin', '*');
            response.end(loader.code);
            return;
          }
          runner
            .import(here('dev-app.ts'))
            .then(({ answer }) => answer(request, response, next))
            .catch(next);
        });
      },
    },
  };
}

/**
 * The modules that read a file by themselves. Vite does not know of it, so an edit of the file counts as one of theirs.
 *
 * @param {string} path
 */
function readersOf(path) {
  if (path.startsWith(here('../../i18n/')) && path.endsWith('.json'))
    return ['../../i18n/catalogue.ts', '../../i18n/locales.ts'];
  return path === here('../../styles/tokens.css') ? ['../../embed/own-colours.ts'] : [];
}

const belongsToVite = /^\/(?:@|node_modules\/|src\/|__)/;

/**
 * How Vite loads our modules on the server.
 *
 * @typedef {{ runner: { import: (path: string) => Promise<typeof import('./dev-app.ts')> } }} ModuleLoader
 */
