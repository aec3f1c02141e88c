/**
 * Vite puts inline styles and its own script into pages, which the content security policy of the real pages forbids.
 *
 * @type {import('astro').MiddlewareHandler}
 */
export async function onRequest(_context, next) {
  const response = await next();
  response.headers.delete('Content-Security-Policy');
  return response;
}
