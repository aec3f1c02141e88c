/** The site of somebody else, on an origin of its own: plain HTML, as a company's web site would have it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HostSite {
  origin: string;
  close: () => Promise<void>;
}

export interface HostPage {
  body: string;
  policy?: string;
  /** Attributes of `<html>`. */
  html?: string;
  head?: string;
}

const script = { path: '/headless.js', type: 'text/javascript; charset=utf-8' };

/** Serves these pages by their paths, and a form of the site's own that talks to the API. */
export async function serveHostSite(pages: Record<string, HostPage>, headless: string): Promise<HostSite> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const page = pages[path];
    if (page?.policy) response.setHeader('Content-Security-Policy', page.policy);
    if (page) response.setHeader('Content-Type', 'text/html; charset=utf-8').end(whole(page));
    else if (path === script.path) response.setHeader('Content-Type', script.type).end(headless);
    else response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function whole({ body, html = 'lang="de"', head = '' }: HostPage): string {
  return `<!doctype html>
<html ${html}>
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Werkzeug-Magazin</title>
${head}
</head>
<body>
<h1>Werkzeug-Magazin</h1>
${body}
<p id="below">Impressum</p>
</body>
</html>`;
}
