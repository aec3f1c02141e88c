import type { z } from 'zod';
import { type HeadersSent, Sent } from './answer.ts';

export interface FieldFault {
  /** RFC 6901, into the body; `""` is the whole of it. */
  pointer: string;
  code: string;
  message: string;
  /** Of a file: the columns and the values that it is about. */
  names?: string[] | undefined;
  values?: string[] | undefined;
}

type Status = 400 | 401 | 403 | 404 | 405 | 406 | 409 | 410 | 413 | 415 | 422 | 429 | 500 | 503;

/** Thrown by whatever cannot answer what was asked; becomes RFC 9457. */
export class ApiProblem extends Error {
  readonly status: Status;
  readonly errors: FieldFault[];
  readonly headers: HeadersSent;

  constructor(
    status: Status,
    detail: string,
    { errors = [], headers = {} }: { errors?: FieldFault[]; headers?: HeadersSent } = {},
  ) {
    super(detail);
    this.name = 'ApiProblem';
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

/** A body that was read but cannot be acted upon. */
export function unprocessable(...errors: FieldFault[]): ApiProblem {
  return new ApiProblem(422, 'The request was understood, but something in it is not right.', { errors });
}

export function sentAsProblem({ status, message, errors, headers }: ApiProblem): Sent {
  const body = {
    type: 'about:blank',
    title: titles[status],
    status,
    detail: message,
    ...(errors.length > 0 && { errors }),
  };
  return new Sent(status, { ...headers, 'Content-Type': 'application/problem+json' }, JSON.stringify(body));
}

const titles: Record<Status, string> = {
  400: 'Bad request',
  401: 'No valid key',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Unprocessable',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available',
};

export function faultsOf(error: z.ZodError): FieldFault[] {
  return error.issues.flatMap(faultsOfIssue).slice(0, 100);
}

function faultsOfIssue(issue: z.core.$ZodIssue): FieldFault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointerTo([...issue.path, key]),
      code: 'unknown_field',
      message: 'There is no such field.',
    }));
  }
  const missing = isMissing(issue);
  const code = issue.code === 'custom' ? String(issue.params?.code ?? 'invalid') : issue.code;
  return [
    {
      pointer: pointerTo(issue.path),
      code: missing ? 'missing' : code,
      message: missing ? 'This field is needed.' : (countText(issue) ?? issue.message),
    },
  ];
}

/** Of lists that are too long or too short. */
function countText(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'too_big' && issue.origin === 'array') {
    return `At most ${issue.maximum} are taken at once.`;
  }
  return issue.code === 'too_small' && issue.origin === 'array'
    ? `At least ${issue.minimum} has to be named.`
    : undefined;
}

/** Where the kind of something is told by one of its fields, the whole of it is what zod was given. */
function isMissing(issue: z.core.$ZodIssue): boolean {
  if (issue.code === 'invalid_union') {
    const whole = issue.input as Record<PropertyKey, unknown> | undefined;
    return (
      whole === undefined || (issue.discriminator !== undefined && whole?.[issue.discriminator] === undefined)
    );
  }
  return (issue.code === 'invalid_type' || issue.code === 'invalid_value') && issue.input === undefined;
}

function pointerTo(path: PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
