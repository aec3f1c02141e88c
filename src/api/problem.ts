import type { z } from 'zod';
import { ApiResponse, type ResponseHeaders } from './answer.ts';

export interface FieldFault {
  /** RFC 6901, into the body; `""` is the whole body. */
  pointer: string;
  code: string;
  message: string;
  /** For a file: its columns and values that the fault is about. */
  names?: string[] | undefined;
  values?: string[] | undefined;
}

type Status = 400 | 401 | 403 | 404 | 405 | 406 | 409 | 410 | 413 | 415 | 422 | 429 | 500 | 503;

/** Becomes the response, as in RFC 9457. */
export class ApiProblem extends Error {
  readonly status: Status;
  readonly errors: FieldFault[];
  readonly headers: ResponseHeaders;

  constructor(
    status: Status,
    detail: string,
    { errors = [], headers = {} }: { errors?: FieldFault[]; headers?: ResponseHeaders } = {},
  ) {
    super(detail);
    this.name = 'ApiProblem';
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

/** The body could be read, but its values are not valid. */
export function unprocessable(...errors: FieldFault[]): ApiProblem {
  return new ApiProblem(422, 'The request was understood, but some of its values are not valid.', { errors });
}

export function problemResponse({ status, message, errors, headers }: ApiProblem): ApiResponse {
  const body = {
    type: 'about:blank',
    title: titles[status],
    status,
    detail: message,
    ...(errors.length > 0 && { errors }),
  };
  return new ApiResponse(
    status,
    { ...headers, 'Content-Type': 'application/problem+json' },
    JSON.stringify(body),
  );
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
      message: missing ? 'This field is required.' : (countMessage(issue) ?? issue.message),
    },
  ];
}

/** For lists that are too long or too short. */
function countMessage(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === 'too_big' && issue.origin === 'array') {
    return `At most ${issue.maximum} entries are allowed.`;
  }
  return issue.code === 'too_small' && issue.origin === 'array'
    ? `At least ${issue.minimum} entry is required.`
    : undefined;
}

/** For a discriminated union, zod reports the whole object, not the missing discriminator. */
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
