import { type IncomingHttpHeaders, request } from 'node:http';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** One request on a connection of its own, with the path exactly as given. Rejects when the connection breaks. */
export function ask(server: { port: number }, path: string, asked: Asked = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = asked;
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.port, path, method, headers, agent: false };
    const sent = request(options, (response) => {
      let received = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        received += chunk;
      });
      response.once('error', reject);
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: received }),
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Sends a form as a browser does. */
export function post(
  server: { port: number },
  path: string,
  fields: Record<string, string | string[]>,
): Promise<Answer> {
  const body = new URLSearchParams();
  for (const [name, values] of Object.entries(fields)) {
    for (const value of [values].flat()) body.append(name, value);
  }
  return ask(server, path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: body.toString(),
  });
}

/** The version of a form that its page shows. */
export async function formVersionOf(server: { port: number }, form = 'newsletter'): Promise<string> {
  const { body } = await ask(server, `/f/${form}`);
  return /name="form_version"[^>]*value="([^"]+)"/.exec(body)?.[1] ?? '';
}
