import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a mail looks like when it reaches Resend. */
export interface ResendMail {
  from: string;
  to: string[];
  reply_to?: string | string[];
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
}

export interface ResendRequest {
  path: string;
  key: string | undefined;
  authorization: string | undefined;
  mails: ResendMail[];
}

/**
 * `take` accepts, `take and hang` accepts and never says so, `take and break` accepts and hangs up, `hang` does neither;
 * a `body` is answered with 200, or its code, and sends nothing; the rest refuses.
 */
export type ResendAnswer =
  | 'take'
  | 'take and hang'
  | 'take and break'
  | 'hang'
  | { body: unknown; code?: number }
  | { status: number; name?: string; message?: string; headers?: Record<string, string> };

export interface ResendServer {
  url: string;
  requests: ResendRequest[];
  /** What was really sent: a repeated key sends nothing a second time. */
  delivered: ResendMail[];
  /** Decides each request; by default everything is taken. */
  answer: (request: ResendRequest) => ResendAnswer;
  close: () => Promise<void>;
}

/** A real HTTP server that plays Resend, idempotency keys included. */
export async function startResendServer(): Promise<ResendServer> {
  const server = createServer((request, response) => void handle(resend, seen, request, response));
  const seen = new Map<string, { body: string; ids: string[] }>();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const resend: ResendServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    delivered: [],
    answer: () => 'take',
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return resend;
}

async function handle(
  resend: ResendServer,
  seen: Map<string, { body: string; ids: string[] }>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let body = '';
  for await (const chunk of incoming) body += chunk;
  const parsed = JSON.parse(body) as ResendMail | ResendMail[];
  const request: ResendRequest = {
    path: incoming.url ?? '',
    key: incoming.headers['idempotency-key']?.toString(),
    authorization: incoming.headers.authorization,
    mails: [parsed].flat(),
  };
  resend.requests.push(request);
  const answer = resend.answer(request);
  if (answer === 'hang') return;
  if (typeof answer === 'object' && 'body' in answer) return send(response, answer.code ?? 200, answer.body);
  if (typeof answer === 'object') return refuse(response, answer);
  const known = request.key ? seen.get(request.key) : undefined;
  if (known && known.body !== body) {
    return refuse(response, { status: 409, name: 'invalid_idempotent_request' });
  }
  const ids = known?.ids ?? request.mails.map((_, index) => `re_${resend.delivered.length + index + 1}`);
  if (!known) resend.delivered.push(...request.mails);
  if (request.key) seen.set(request.key, { body, ids });
  if (answer === 'take and hang') return;
  if (answer === 'take and break') return void response.destroy();
  const data = ids.map((id) => ({ id }));
  send(response, 200, Array.isArray(parsed) ? { data } : data[0]);
}

function refuse(response: ServerResponse, answer: Extract<ResendAnswer, { status: number }>): void {
  const { status, name = 'application_error', message = 'Refused.', headers = {} } = answer;
  for (const [header, value] of Object.entries(headers)) response.setHeader(header, value);
  send(response, status, { statusCode: status, name, message });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
