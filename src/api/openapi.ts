import assert from 'node:assert/strict';
import { z } from 'zod';
import type { App } from '#src/app/app.ts';
import { examples } from './examples.ts';
import type { Operation } from './operation.ts';

type Json = Record<string, unknown>;

/** The named schemas of the document, filled while the operations are described. */
type Schemas = Record<string, Json>;

/** OpenAPI 3.1, generated from the schemas that validate the requests. */
export function openApi(app: App, operations: Operation[]): Json {
  const paths: Record<string, Json> = {};
  const schemas: Schemas = { Problem: problemSchema };
  for (const operation of operations) {
    const path = paths[operation.path] ?? {};
    path[operation.method.toLowerCase()] = described(operation, schemas);
    paths[operation.path] = path;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Jawort',
      version: '1.0.0',
      description: 'May we contact this address? Permissions with their evidence, for programs.',
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    servers: [{ url: `${app.config.baseUrl}/api/v1` }],
    security: [{ key: [] }],
    tags: [...new Set(operations.map(tagOf))].map((name) => ({ name, description: tags[name] ?? name })),
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'Made with: npm run jawort -- key add NAME' },
      },
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => a.localeCompare(b))),
    },
  };
}

const tags: Record<string, string> = {
  decisions: 'Whether an address may be contacted',
  consents: 'Permissions that were not given on the web',
  withdrawals: 'Withdrawals and objections',
  uses: 'Contacts made under a permission',
  permissions: 'The permissions of a person',
  events: 'The change feed',
  dossiers: 'Everything about a permission as a file',
  forms: 'Headless forms',
  imports: 'Permissions from another system',
  exports: 'Lists as files',
  webhooks: 'Notifications about changes',
  inbound: 'Events from a mail provider',
};

function tagOf({ path }: Operation): string {
  return path.split('/')[1] ?? '';
}

function described(operation: Operation, schemas: Schemas): Json {
  const { id, summary, details, scope, optionalScope, answers, write, once } = operation;
  const body = bodyOf(operation, schemas);
  return {
    operationId: id,
    tags: [tagOf(operation)],
    summary,
    description: [needed(operation), details].filter(Boolean).join(' '),
    ...(scope === null && { security: optionalScope ? [{}, { key: [] }] : [] }),
    parameters: [
      ...pathParameters(operation),
      ...queryParameters(operation, schemas),
      ...(write || once ? [idempotencyKey] : []),
    ],
    ...(body && { requestBody: { required: true, content: body } }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          {
            description: answer.description,
            headers: limitHeaders,
            content: contentOf(operation, Number(status), schemas),
          },
        ]),
      ),
      '4XX': {
        description: 'What is wrong, and where',
        content: problemContent,
      },
      503: {
        description: 'The database is not available at the moment. Send the request again later.',
        headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } },
        content: problemContent,
      },
    },
  };
}

function needed({ scope, optionalScope }: Operation): string {
  if (scope !== null) return `Needs a key with the scope \`${scope}\`.`;
  return optionalScope
    ? `Needs no key, but accepts one with the scope \`${optionalScope}\`.`
    : 'Needs no key.';
}

function bodyOf({ id, body, streams }: Operation, schemas: Schemas): Json | undefined {
  const example = examples[id]?.body;
  if (body) {
    const schema = named(`${capitalised(id)}Request`, jsonSchema(body, 'input', schemas), schemas);
    return { 'application/json': { schema, ...(example !== undefined && { example }) } };
  }
  const content = { schema: { type: 'string' }, ...(example !== undefined && { example }) };
  return streams && Object.fromEntries(streams.map((type) => [type, content]));
}

function contentOf(
  { id, answers, produces = ['application/json'] }: Operation,
  status: number,
  schemas: Schemas,
): Json {
  const answer = answers[status]?.schema;
  // Where an operation has several answers, the later ones carry their status in the name.
  const ordinal = Number(Object.keys(answers)[0]) === status ? '' : status;
  const schema = answer
    ? named(`${capitalised(id)}Answer${ordinal}`, jsonSchema(answer, 'output', schemas), schemas)
    : { type: 'string' };
  const example = examples[id]?.answers?.[status];
  return Object.fromEntries(
    produces.map((type) => [type, { schema, ...(example !== undefined && { example }) }]),
  );
}

function pathParameters({ path }: Operation): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters({ query }: Operation, schemas: Schemas): Json[] {
  if (!query) return [];
  const { properties = {}, required = [] } = jsonSchema(query, 'input', schemas) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A request that is sent again with the same key within 24 hours changes nothing and gets the same answer.',
  schema: { type: 'string', maxLength: 255 },
};

const limitHeaders = {
  'RateLimit-Policy': { schema: { type: 'string' } },
  RateLimit: { schema: { type: 'string' } },
};

/** The schema as JSON. What it names by an `id` goes into the schemas of the document. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', schemas: Schemas): Json {
  const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' }));
  const {
    $schema: _,
    $defs = {},
    ...shape
  } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/'));
  for (const [name, definition] of Object.entries($defs as Schemas)) named(name, definition, schemas);
  return shape;
}

/** Adds a schema under a name, once, and refers to it. */
function named(name: string, schema: Json, schemas: Schemas): Json {
  if (Object.keys(schema).join() === '$ref') return schema;
  const known = schemas[name] ?? schema;
  assert.deepEqual(known, schema, `Two schemas of the API have the name ${name}.`);
  schemas[name] = known;
  return { $ref: `#/components/schemas/${name}` };
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const problemSchema = {
  type: 'object',
  description: 'RFC 9457',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'message'],
        properties: {
          pointer: { type: 'string', description: 'RFC 6901' },
          code: { type: 'string' },
          message: { type: 'string' },
          names: { type: 'array', items: { type: 'string' }, description: 'Of a file: columns' },
          values: { type: 'array', items: { type: 'string' }, description: 'Of a file: values' },
        },
      },
    },
  },
};
