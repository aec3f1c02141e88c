import { z } from 'zod';
import { isComparableTime } from '#db/comparable-time.ts';
import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import type { ApiKey, Scope } from '#src/exchange/api-keys.ts';
import type { RequestLike, RequestWithBody } from '#src/http/request-like.ts';
import type { Client } from '#src/limits/client.ts';
import type { Answer, ResponseHeaders } from './answer.ts';

/** A request whose body and query have been validated. */
export interface Call<Body = unknown, Query = unknown> {
  app: App;
  request: RequestWithBody;
  client: Client;
  /** Public operations get the key `nobody`, unless they have an `optionalScope` and the key has it. */
  key: ApiKey;
  params: Record<string, string>;
  query: Query;
  body: Body;
}

/** One operation of the API: its address, its schemas and the scope that it needs. */
export interface Operation<Body = unknown, Query = unknown> {
  id: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/v1`, e.g. `/forms/{form}`. */
  path: string;
  /** Null: no key is needed. */
  scope: Scope | null;
  /** For an operation without `scope`: a key with this one may do more. A key without it counts as no key. */
  optionalScope?: Scope;
  summary: string;
  /** More for the documentation. */
  details?: string;
  body?: z.ZodType<Body>;
  query?: z.ZodType<Query>;
  /** Media types of a body that is not JSON. The operation reads it itself. */
  streams?: string[];
  /** Such a body is read as a whole before the operation starts, up to this many bytes. */
  file?: number;
  produces?: string[];
  /** A schema or a part of one that has an `id` in its `meta` becomes a named schema of the document. */
  answers: Record<number, { description: string; schema?: z.ZodType }>;
  /** For operations that sites call from a browser: the CORS headers for this request. */
  preflight?: (app: App, request: RequestLike, params: Record<string, string>) => Promise<ResponseHeaders>;
  /** Reads only, or opens transactions of its own. */
  handle?: (call: Call<Body, Query>) => Promise<Answer>;
  /** `handle` writes: an `Idempotency-Key` makes it happen once. */
  once?: boolean;
  /** Writes in one transaction, and once for each `Idempotency-Key`. */
  write?: (tx: Tx, call: Call<Body, Query>) => Promise<Answer>;
  /** With both `handle` and `write`: whether this body has to be written. */
  writes?: (body: Body) => boolean;
}

/** Infers the types of body and query from their schemas. */
export function operation<Body, Query>(definition: Operation<Body, Query>): Operation {
  return definition as unknown as Operation;
}

/** A time as the API accepts it: RFC 3339 in UTC or with an offset. It becomes ISO 8601 in UTC. */
export const time = z.iso
  .datetime({ offset: true, message: 'A time looks like 2026-10-29T10:00:00Z.' })
  .transform((text) => new Date(text).toISOString())
  .refine(isComparableTime, 'This time is out of range.')
  .meta({ description: 'RFC 3339', examples: ['2026-10-29T10:00:00Z'] });

export const answeredTime = z.iso.datetime();
export const channel = z.enum(['email', 'sms', 'phone', 'fax', 'post']).meta({ id: 'Channel' });
export const permissionState = z
  .enum(['none', 'pending', 'granted', 'refused', 'withdrawn', 'expired'])
  .meta({ id: 'PermissionState' });
export const basis = z
  .enum(['consent', 'existing_customer', 'presumed', 'legitimate_interest'])
  .meta({ id: 'Basis', description: 'What a permission rests on.' });
export const purposeKey = z.string().min(1).max(100);
export const contactPoint = z
  .string()
  .min(1)
  .max(1000)
  .meta({ description: 'An e-mail address, a number in E.164, or a postal address in lines.' });

/** Lists: `?limit=&cursor=` → `{data, next_cursor, has_more}`. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z
    .string()
    .max(200)
    .optional()
    .meta({ description: '`next_cursor` of the page before, as it was given.' }),
});

export function pageOf<Entry extends z.ZodType>(entry: Entry) {
  return z.object({ data: z.array(entry), next_cursor: z.string().nullable(), has_more: z.boolean() });
}
