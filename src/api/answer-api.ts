import { isDatabaseUnavailable, isUniqueViolation } from '#db/errors.ts';
import type { App } from '#src/app/app.ts';
import { type ApiKey, findApiKey } from '#src/exchange/api-keys.ts';
import type { Asked, AskedWithBody } from '#src/http/asked.ts';
import { retryLater } from '#src/http/problem.ts';
import { permissionsPolicy, strictTransport } from '#src/http/security-headers.ts';
import { type Client, clientNetwork } from '#src/limits/client.ts';
import { type Answer, type HeadersSent, Sent, sentAsJson } from './answer.ts';
import { answerOnce, earlierAnswer, keepAnswer, type Repeatable, repeatableOf } from './idempotency.ts';
import type { Call, Operation } from './operation.ts';
import { operations } from './operations.ts';
import { ApiProblem, faultsOf, sentAsProblem, unprocessable } from './problem.ts';
import { countRequest } from './rate-limit.ts';
import { BrokenOff, readFile, readJson } from './read-body.ts';

/**
 * Everything under `/api`: finds the operation, checks key, limits, body and query, and turns faults into problems.
 * Throws BrokenOff when whoever asks went away before they had sent everything.
 */
export async function answerApi(app: App, request: AskedWithBody, url: URL, client: Client): Promise<Sent> {
  return finished(app, await answerOrProblem(app, request, url, client), request);
}

async function answerOrProblem(app: App, request: AskedWithBody, url: URL, client: Client): Promise<Sent> {
  try {
    return await route(app, request, url, client);
  } catch (error) {
    const problem = asApiProblem(error);
    if (problem) return sentAsProblem(problem);
    if (error instanceof BrokenOff) throw error;
    app.log.error({ err: error }, 'api.failed');
    return sentAsProblem(new ApiProblem(500, 'Something went wrong here. Nothing was changed.'));
  }
}

/** `undefined` for an error of ours. Whether something was written before the connection was lost, nobody knows. */
function asApiProblem(error: unknown): ApiProblem | undefined {
  if (error instanceof ApiProblem) return error;
  if (error instanceof BrokenOff || !isDatabaseUnavailable(error)) return undefined;
  const detail = 'The database cannot be used at the moment. Send it again, with the same Idempotency-Key.';
  return new ApiProblem(503, detail, { headers: { ...retryLater } });
}

/** The pattern of an address, for whoever counts requests: `/api/v1/forms/{form}`. */
export function apiRoute(pathname: string): string | undefined {
  const [found] = operationsAt(pathname);
  return found && `/api/v1${found.operation.path}`;
}

async function route(app: App, request: AskedWithBody, url: URL, client: Client): Promise<Sent> {
  const here = operationsAt(url.pathname);
  if (here.length === 0) throw new ApiProblem(404, 'There is nothing at this address. See /api/v1/docs.');
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const found = here.find(({ operation }) => operation.method === method);
  if (!found) return otherMethod(app, request, here);
  const { operation, params } = found;
  const cors = (await operation.preflight?.(app, request, params)) ?? {};
  try {
    return (await answerFound({ app, request, client, params }, url, operation)).with(cors);
  } catch (error) {
    // A site's own script has to be able to read what was wrong.
    const problem = asApiProblem(error);
    if (problem) Object.assign(problem.headers, cors);
    throw problem ?? error;
  }
}

function operationsAt(pathname: string): { operation: Operation; params: Record<string, string> }[] {
  const path = pathname.startsWith('/api/v1') ? pathname.slice('/api/v1'.length) : '';
  return operations.flatMap((operation) => {
    const params = match(operation.path, path);
    return params ? [{ operation, params }] : [];
  });
}

async function answerFound(
  asked: Pick<Call, 'app' | 'request' | 'client' | 'params'>,
  url: URL,
  operation: Operation,
): Promise<Sent> {
  const { app, request } = asked;
  acceptable(request, operation);
  const key = await authorised(app, request, operation);
  const limits = key === nobody ? {} : countRequest(app, key.id);
  try {
    const query = readQuery(operation, url);
    const answer = await run(operation, { ...asked, key, query, body: undefined });
    return (answer instanceof Sent ? answer : sentAsJson(answer)).with(limits);
  } catch (error) {
    if (error instanceof ApiProblem) Object.assign(error.headers, limits);
    throw error;
  }
}

function match(template: string, path: string): Record<string, string> | undefined {
  const names = template.split('/');
  const parts = path.replace(/\/$/, '').split('/');
  if (names.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const part = parts[index] ?? '';
    if (name.startsWith('{')) params[name.slice(1, -1)] = part;
    else if (name !== part) return undefined;
  }
  return params;
}

async function otherMethod(
  app: App,
  request: Asked,
  here: { operation: Operation; params: Record<string, string> }[],
): Promise<Sent> {
  const methods = here.map(({ operation }) => operation.method);
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  if (request.method !== 'OPTIONS') {
    throw new ApiProblem(405, `This address takes ${allow}.`, { headers: { Allow: allow } });
  }
  const shared = here.find(({ operation }) => operation.preflight);
  const cors = await shared?.operation.preflight?.(app, request, shared.params);
  return new Sent(204, { Allow: allow, ...cors }, null);
}

function acceptable(request: Asked, { produces = ['application/json'] }: Operation): void {
  const accept = request.headers.get('accept');
  if (!accept) return;
  const ranges = accept.split(',').map((range) => range.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  const fits = (type: string) =>
    ranges.some((range) => range === '*/*' || range === type || range === `${type.split('/')[0]}/*`);
  if (![...produces, 'application/problem+json'].some(fits)) {
    throw new ApiProblem(406, `The answer is ${produces.join(' or ')}.`);
  }
}

const nobody: ApiKey = { id: 'public', name: 'public', scopes: new Set(), madeBy: null, mayActAlone: false };

async function authorised(app: App, request: Asked, { scope, optionalScope }: Operation): Promise<ApiKey> {
  const header = request.headers.get('authorization') ?? '';
  if (scope === null && (!optionalScope || header === '')) return nobody;
  const token = /^Bearer +([\w.~+/=-]{1,200})$/i.exec(header)?.[1];
  const key = token ? await findApiKey(app, token) : undefined;
  if (!key) {
    const why = token
      ? 'This key is not known, was revoked, or waits at /staff/keys for a second person.'
      : 'Send Authorization: Bearer {key}.';
    const error = token ? ', error="invalid_token"' : '';
    throw new ApiProblem(401, why, { headers: { 'WWW-Authenticate': `Bearer realm="jawort"${error}` } });
  }
  if (scope === null) return optionalScope && key.scopes.has(optionalScope) ? key : nobody;
  if (!key.scopes.has(scope)) {
    throw new ApiProblem(403, `This needs a key with the scope ${scope}.`, {
      headers: {
        'WWW-Authenticate': `Bearer realm="jawort", error="insufficient_scope", scope="${scope}"`,
      },
    });
  }
  return key;
}

function readQuery({ query }: Operation, url: URL): unknown {
  const given = Object.fromEntries(url.searchParams);
  if (!query) return given;
  const read = query.safeParse(given, { reportInput: true });
  if (read.success) return read.data;
  throw unprocessable(...faultsOf(read.error));
}

async function run(operation: Operation, call: Call): Promise<Answer> {
  const { app } = call;
  let bytes: Uint8Array = new Uint8Array();
  if (operation.body) {
    const json = await readJson(call.request);
    bytes = json.bytes;
    const read = operation.body.safeParse(json.value, { reportInput: true });
    if (!read.success) throw unprocessable(...faultsOf(read.error));
    call.body = read.data;
  }
  if (operation.file) {
    bytes = await readFile(call.request, operation.streams ?? [], operation.file);
    call.body = bytes;
  }
  const { act, handle, acts } = operation;
  const repeatable = repeatableOf(call.request, whoAsks(call), bytes);
  if (act && (acts?.(call.body) ?? true)) {
    const once = () => transact(act, call, repeatable);
    // Two first acts for one address at once: the second finds the first one's person when it looks again.
    return once().catch((error) => (isUniqueViolation(error) ? once() : Promise.reject(error)));
  }
  if (!handle) throw new ApiProblem(500, 'This address is not ready yet.');
  return operation.once && repeatable ? answerOnce(app, repeatable, () => handle(call)) : handle(call);
}

/** Strangers share no key of the API, and must not hear each other's answers. */
function whoAsks({ key, client }: Call): string {
  return key.id === nobody.id ? `${key.id} ${clientNetwork(client)}` : key.id;
}

async function transact(
  act: NonNullable<Operation['act']>,
  call: Call,
  repeatable: Repeatable | undefined,
): Promise<Answer> {
  const { app } = call;
  const answer = await app.db.transaction().execute(async (tx) => {
    const earlier = repeatable && (await earlierAnswer(tx, app, repeatable));
    if (earlier) return earlier;
    const given = await act(tx, call);
    if (repeatable && !(given instanceof Sent)) await keepAnswer(tx, app, repeatable, given);
    return given;
  });
  app.mailsQueued();
  return answer;
}

const everyAnswer: HeadersSent = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': permissionsPolicy,
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex',
};

function finished({ config }: App, answer: Sent, request: Asked): Sent {
  const secure = config.baseUrl.startsWith('https:') && strictTransport;
  const whole = new Sent(answer.status, { ...everyAnswer, ...secure, ...answer.headers }, answer.body);
  return request.method === 'HEAD' ? whole.withoutBody() : whole;
}
