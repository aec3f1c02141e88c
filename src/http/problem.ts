import type { Logger } from 'pino';
import { isDatabaseUnavailable } from '#db/errors.ts';
import { NotAllowed } from '#src/staff/actor.ts';
import type { RequestLike } from './request-like.ts';

/** Why a request is not answered as asked. The middleware renders it as a page, or as JSON for programs. */
export interface ProblemDetails {
  status: 400 | 403 | 404 | 405 | 410 | 413 | 415 | 422 | 429 | 500 | 503;
  headers?: Record<string, string>;
  /** For programs: what the title leaves open. */
  detail?: string;
}

export interface FieldProblem {
  pointer: string;
  code: string;
  message: string;
}

/** Thrown where the page has no words of its own for what happened. */
export class Problem extends Error {
  readonly details: ProblemDetails;

  constructor(status: ProblemDetails['status'], headers: Record<string, string> = {}) {
    super(`Problem ${status}`);
    this.name = 'Problem';
    this.details = { status, headers };
  }
}

/** The details of what was thrown. Anything that is not a Problem is a bug of ours, or the database is down. */
export function problemOf(error: unknown): ProblemDetails {
  if (error instanceof Problem) return error.details;
  if (error instanceof NotAllowed) return { status: 403 };
  return isDatabaseUnavailable(error) ? { status: 503, headers: retryLater } : { status: 500 };
}

/** In seconds. A PostgreSQL that restarts or hands over is back by then. */
export const retryLater = { 'Retry-After': '10' };

/** Logs what is not the fault of the client. */
export function logProblem(log: Logger, { status }: ProblemDetails, err: unknown): void {
  if (status === 500) log.error({ err }, 'http.failed');
  if (status === 503) log.error({ err }, 'http.database_unavailable');
}

/** Whether the answer is for a program. Browsers ask for HTML by name. */
export function wantsJson(request: RequestLike): boolean {
  const accept = request.headers.get('accept') ?? '';
  return /\bapplication\/(?:problem\+)?json\b/i.test(accept) && !/\btext\/html\b/i.test(accept);
}

/** RFC 9457. */
export function problemJson(
  { status, headers, detail }: ProblemDetails,
  title: string,
  errors: FieldProblem[] = [],
): Response {
  const body = {
    type: 'about:blank',
    title,
    status,
    ...(detail && { detail }),
    ...(errors.length > 0 && { errors }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, 'Content-Type': 'application/problem+json' },
  });
}
