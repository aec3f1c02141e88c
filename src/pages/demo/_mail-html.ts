/** The HTML part of a mail as a page for a frame: it runs nothing, loads nothing, and its links leave the frame. */
export function mailHtml(html: string): Response {
  const page = html.replace(/<head[^>]*>/i, (head) => `${head}<base target="_top">`);
  return new Response(page, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; " +
        'sandbox allow-top-navigation-by-user-activation',
      'X-Frame-Options': 'SAMEORIGIN',
    },
  });
}
