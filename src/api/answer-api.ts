import { isDatabaseUnavailable, isUniqueViolation } from '#db/errors.ts';
import type { App } from '#src/app/app.ts';
import { type ApiKey, findApiKey } from '#src/exchange/api-keys.ts';
import { retryLater } from '#src/http/problem.ts';
import type { RequestLike, RequestWithBody } from '#src/http/request-like.ts';
import { permissionsPolicy, strictTransport } from '#src/http/security-headers.ts';
import { type Client, clientNetwork } from '#src/limits/client.ts';
import { type Answer, ApiResponse, jsonResponse, type ResponseHeaders } from './answer.ts';
import { type FoundOperation, findOperations } from './find-operations.ts';
import { answerOnce, type Idempotency, idempotencyOf, replayOrClaim, storeAnswer } from './idempotency.ts';
import type { Call, Operation } from './operation.ts';
import { ApiProblem, faultsOf, problemResponse, unprocessable } from './problem.ts';
import { countRequest } from './rate-limit.ts';
import { RequestAborted, readFile, readJson } from './read-body.ts';

/**
 * Answers everything under `/api`: finds the operation, checks key, limits, body and query, and turns errors into
 * problems. Throws RequestAborted when the client disconnected before its request was complete.
 */
export async function answerApi(
  app: App,
  request: RequestWithBody,
  url: URL,
  client: Client,
): Promise<ApiResponse> {
  return finished(app, await answerOrProblem(app, request, url, client), request);
}

async function answerOrProblem(
  app: App,
  request: RequestWithBody,
  url: URL,
  client: Client,
): Promise<ApiResponse> {
  try {
    return await route(app, request, url, client);
  } catch (error) {
    const problem = apiProblemOf(error);
    if (problem) return problemResponse(problem);
    if (error instanceof RequestAborted) throw error;
    app.log.error({ err: error }, 'api.failed');
    return problemResponse(new ApiProblem(500, 'An internal error occurred. Nothing was changed.'));
  }
}

/** `undefined` for an unexpected error. When the connection was lost during a commit, the write may have happened. */
function apiProblemOf(error: unknown): ApiProblem | undefined {
  if (error instanceof ApiProblem) return error;
  if (error instanceof RequestAborted || !isDatabaseUnavailable(error)) return undefined;
  const detail =
    'The database is not available at the moment. Send the request again with the same Idempotency-Key.';
  return new ApiProblem(503, detail, { headers: { ...retryLater } });
}

async function route(app: App, request: RequestWithBody, url: URL, client: Client): Promise<ApiResponse> {
  const here = findOperations(url.pathname);
  if (here.length === 0) throw new ApiProblem(404, 'There is no such address. See /api/v1/docs.');
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const found = here.find(({ operation }) => operation.method === method);
  if (!found) return answerOtherMethod(app, request, here);
  const { operation, params } = found;
  const cors = (await operation.preflight?.(app, request, params)) ?? {};
  try {
    return (await answerOperation({ app, request, client, params }, url, operation)).with(cors);
  } catch (error) {
    // Without these headers the script of a site could not read the problem.
    const problem = apiProblemOf(error);
    if (problem) Object.assign(problem.headers, cors);
    throw problem ?? error;
  }
}

async function answerOperation(
  asked: Pick<Call, 'app' | 'request' | 'client' | 'params'>,
  url: URL,
  operation: Operation,
): Promise<ApiResponse> {
  const { app, request } = asked;
  acceptable(request, operation);
  const key = await authorised(app, request, operation);
  if (changesSomething(operation)) requireWriting(app);
  const limits = key === nobody ? {} : countRequest(app, key.id);
  try {
    const query = readQuery(operation, url);
    const answer = await run(operation, { ...asked, key, query, body: undefined });
    return (answer instanceof ApiResponse ? answer : jsonResponse(answer)).with(limits);
  } catch (error) {
    if (error instanceof ApiProblem) Object.assign(error.headers, limits);
    throw error;
  }
}

async function answerOtherMethod(
  app: App,
  request: RequestLike,
  here: FoundOperation[],
): Promise<ApiResponse> {
  const methods = here.map(({ operation }) => operation.method);
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  if (request.method !== 'OPTIONS') {
    throw new ApiProblem(405, `This address accepts ${allow}.`, { headers: { Allow: allow } });
  }
  const shared = here.find(({ operation }) => operation.preflight);
  const cors = await shared?.operation.preflight?.(app, request, shared.params);
  return new ApiResponse(204, { Allow: allow, ...cors }, null);
}

function acceptable(request: RequestLike, { produces = ['application/json'] }: Operation): void {
  const accept = request.headers.get('accept');
  if (!accept) return;
  const ranges = accept.split(',').map((range) => range.split(';', 1)[0]?.trim().toLowerCase() ?? '');
  const fits = (type: string) =>
    ranges.some((range) => range === '*/*' || range === type || range === `${type.split('/')[0]}/*`);
  if (![...produces, 'application/problem+json'].some(fits)) {
    throw new ApiProblem(406, `The answer is ${produces.join(' or ')}.`);
  }
}

function changesSomething({ method, scope }: Operation): boolean {
  return method !== 'GET' && scope !== 'decide' && scope !== 'read';
}

/** Decisions are answered, and nothing is changed, while the database is older than what is known outside of it. */
function requireWriting({ writesStopped }: App): void {
  if (writesStopped) throw new ApiProblem(503, writesStopped, { headers: { ...retryLater } });
}

const nobody: ApiKey = { id: 'public', name: 'public', scopes: new Set(), madeBy: null, mayActAlone: false };

async function authorised(
  app: App,
  request: RequestLike,
  { scope, optionalScope }: Operation,
): Promise<ApiKey> {
  const header = request.headers.get('authorization') ?? '';
  if (scope === null && (!optionalScope || header === '')) return nobody;
  const token = /^Bearer +([\w.~+/=-]{1,200})$/i.exec(header)?.[1];
  const key = token ? await findApiKey(app, token) : undefined;
  if (!key) {
    const why = token
      ? 'This key is unknown, revoked, or not yet approved by a second person at /staff/keys.'
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
  const { write, handle, writes } = operation;
  const idempotency = idempotencyOf(call.request, callerOf(call), bytes);
  if (write && (writes?.(call.body) ?? true)) {
    requireWriting(app);
    const once = () => runInTransaction(write, call, idempotency);
    // Two requests may add the same new address at once: the second one finds it when it is tried again.
    return once().catch((error) => (isUniqueViolation(error) ? once() : Promise.reject(error)));
  }
  if (!handle) throw new ApiProblem(500, 'This operation is not implemented.');
  return operation.once && idempotency ? answerOnce(app, idempotency, () => handle(call)) : handle(call);
}

/** Callers without a key are told apart by their network, so nobody gets the stored answer of somebody else. */
function callerOf({ key, client }: Call): string {
  return key.id === nobody.id ? `${key.id} ${clientNetwork(client)}` : key.id;
}

async function runInTransaction(
  write: NonNullable<Operation['write']>,
  call: Call,
  idempotency: Idempotency | undefined,
): Promise<Answer> {
  const { app } = call;
  const answer = await app.db.transaction().execute(async (tx) => {
    const earlier = idempotency && (await replayOrClaim(tx, app, idempotency));
    if (earlier) return earlier;
    const given = await write(tx, call);
    if (idempotency && !(given instanceof ApiResponse)) await storeAnswer(tx, app, idempotency, given);
    return given;
  });
  app.mailsQueued();
  return answer;
}

const commonHeaders: ResponseHeaders = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Permissions-Policy': permissionsPolicy,
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex',
};

function finished({ config }: App, answer: ApiResponse, request: RequestLike): ApiResponse {
  const secure = config.baseUrl.startsWith('https:') && strictTransport;
  const whole = new ApiResponse(
    answer.status,
    { ...commonHeaders, ...secure, ...answer.headers },
    answer.body,
  );
  return request.method === 'HEAD' ? whole.withoutBody() : whole;
}
