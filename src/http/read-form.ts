import type { FormFields } from '#src/forms/fields.ts';
import { Problem } from './problem.ts';
import type { RequestWithBody } from './request-like.ts';

/** A filled-in form is a few hundred bytes. */
const longestBody = 64 * 1024;

/** All fields that were sent, each with all its values. Throws a Problem when the body is no form. */
export async function readForm(request: RequestWithBody): Promise<FormFields> {
  const bytes = await readBody(request);
  if (bytes.length === 0) return emptyFields();
  const type = request.headers.get('content-type') ?? '';
  const kind = type.split(';', 1)[0]?.trim().toLowerCase();
  if (kind === 'application/x-www-form-urlencoded') return readUrlEncoded(bytes);
  if (kind === 'multipart/form-data') return readMultipart(bytes, type);
  throw new Problem(415, { 'Accept-Post': 'application/x-www-form-urlencoded, multipart/form-data' });
}

// Reads the whole body even when it is too long: a client that is cut off while it sends gets a broken connection and
// no answer. The adapter throws at some megabytes.
async function readBody(request: RequestWithBody): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.length;
      if (length <= longestBody) chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Error && /size limit/i.test(`${error.message} ${error.cause}`))
      throw new Problem(413);
    throw new Problem(400);
  }
  if (length > longestBody) throw new Problem(413);
  return Buffer.concat(chunks);
}

function readUrlEncoded(bytes: Uint8Array): FormFields {
  const fields = emptyFields();
  for (const pair of decode(bytes).split('&')) {
    if (pair === '') continue;
    const [name = '', ...value] = pair.split('=');
    add(fields, decodePart(name), decodePart(value.join('=')));
  }
  return fields;
}

async function readMultipart(bytes: Uint8Array, type: string): Promise<FormFields> {
  const fields = emptyFields();
  const body = new Response(new Uint8Array(bytes), { headers: { 'Content-Type': type } });
  const entries = await body.formData().catch(() => {
    throw new Problem(400);
  });
  for (const [name, value] of entries) {
    if (typeof value !== 'string') throw new Problem(415);
    add(fields, name, value);
  }
  return fields;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem(400);
  }
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new Problem(400);
  }
}

// Without a prototype, so that a field called `constructor` is a field like any other.
function emptyFields(): FormFields {
  return Object.create(null) as FormFields;
}

function add(fields: FormFields, name: string, value: string): void {
  fields[name] ??= [];
  fields[name].push(value);
}
