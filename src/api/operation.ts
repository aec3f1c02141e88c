import { z } from 'zod';
import { isComparableTime } from '#db/comparable-time.ts';
import type { Tx } from '#db/connect.ts';
import type { App } from '#src/app/app.ts';
import type { ApiKey, Scope } from '#src/exchange/api-keys.ts';
import type { Asked, AskedWithBody } from '#src/http/asked.ts';
import type { Client } from '#src/limits/client.ts';
import type { Answer, HeadersSent } from './answer.ts';

/** A request, read and checked. */
export interface Call<Body = unknown, Query = unknown> {
  app: App;
  request: AskedWithBody;
  client: Client;
  /** Who asks. Public operations get `nobody`, unless they have an `optionalScope` and this key has it. */
  key: ApiKey;
  params: Record<string, string>;
  query: Query;
  body: Body;
}

/** One address of the API: what it takes, what it answers, and who may ask. */
export interface Operation<Body = unknown, Query = unknown> {
  id: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/v1`, e.g. `/forms/{form}`. */
  path: string;
  /** Null: anybody may ask. */
  scope: Scope | null;
  /** Where anybody may ask: what a key with this scope may do besides. A key without it counts as none. */
  optionalScope?: Scope;
  summary: string;
  /** What there is to know besides. */
  details?: string;
  body?: z.ZodType<Body>;
  query?: z.ZodType<Query>;
  /** Media types of a body that is not JSON, and is read by the operation itself. */
  streams?: string[];
  /** How long such a body may be, in bytes, where it is read as a whole before the operation begins. */
  file?: number;
  produces?: string[];
  answers: Record<number, { description: string; schema?: z.ZodType }>;
  /** For what sites may call from a browser: the CORS headers for this one. */
  preflight?: (app: App, request: Asked, params: Record<string, string>) => Promise<HeadersSent>;
  /** Answers without changing anything, or in transactions of its own. */
  handle?: (call: Call<Body, Query>) => Promise<Answer>;
  /** Where `handle` changes something all the same: an `Idempotency-Key` makes it happen once. */
  once?: boolean;
  /** Changes something, all of it or nothing, and once for each `Idempotency-Key`. */
  act?: (tx: Tx, call: Call<Body, Query>) => Promise<Answer>;
  /** Where both are there: whether this body changes something. */
  acts?: (body: Body) => boolean;
}

/** For type inference: body and query are what their schemas make of them. */
export function operation<Body, Query>(definition: Operation<Body, Query>): Operation {
  return definition as unknown as Operation;
}

/** A time as the API takes it: RFC 3339 in UTC or with an offset. Becomes our own form. */
export const time = z.iso
  .datetime({ offset: true, message: 'A time looks like 2026-10-29T10:00:00Z.' })
  .transform((text) => new Date(text).toISOString())
  .refine(isComparableTime, 'This is beyond the years that a calendar has.')
  .meta({ description: 'RFC 3339', examples: ['2026-10-29T10:00:00Z'] });

export const answeredTime = z.iso.datetime();
export const channel = z.enum(['email', 'sms', 'phone', 'fax', 'post']);
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
