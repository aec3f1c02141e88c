import type { RequestWithBody } from '#src/http/request-like.ts';
import { ApiProblem } from './problem.ts';

/** 1,000 of the longest addresses fit into it. */
const longestBody = 2 * 1024 * 1024;

/** The body as JSON, and its bytes. Throws an ApiProblem that names the position of a mistake. */
export async function readJson(request: RequestWithBody): Promise<{ value: unknown; bytes: Uint8Array }> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new ApiProblem(415, 'Send JSON, with Content-Type: application/json.', {
      headers: { 'Accept-Post': 'application/json' },
    });
  }
  if (request.headers.get('content-encoding') !== null) {
    throw new ApiProblem(415, 'Send the body without a Content-Encoding.', {
      headers: { 'Accept-Encoding': 'identity' },
    });
  }
  const bytes = await readBytes(request, longestBody);
  return { value: parseJson(textOf(bytes)), bytes };
}

/** The bytes of a body of one of these types. Throws an ApiProblem for any other type. */
export async function readFile(request: RequestWithBody, types: string[], most: number): Promise<Uint8Array> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  const fits = types.some((one) => one === type || one === '*/*');
  if (!fits || request.headers.get('content-encoding') !== null) {
    throw new ApiProblem(415, `Send ${types.join(' or ')}, without a Content-Encoding.`, {
      headers: { 'Accept-Post': types.join(', ') },
    });
  }
  return readBytes(request, most);
}

/** The client disconnected before the body was complete, so there is nobody to answer. */
export class RequestAborted extends Error {
  override readonly name = 'RequestAborted';
}

/** The body in chunks, as they arrive. */
export async function* chunksOf({ body }: RequestWithBody): AsyncGenerator<Uint8Array> {
  try {
    yield* body ?? [];
  } catch (cause) {
    throw new RequestAborted('The body ended too early.', { cause });
  }
}

/** A body that is too long is still read to its end: a client that is cut off while it sends sees no answer. */
export async function readBytes(request: RequestWithBody, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunksOf(request)) {
    length += chunk.length;
    if (length <= most) chunks.push(chunk);
    if (length > 20 * most) break;
  }
  if (length > most) throw new ApiProblem(413, `The body is longer than ${most} bytes.`);
  return Buffer.concat(chunks);
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ApiProblem(400, 'The body is not UTF-8.', {
      errors: [{ pointer: '', code: 'not_utf8', message: 'JSON is sent as UTF-8.' }],
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const place = placeOf(text, String(error));
    throw new ApiProblem(400, `The body is not JSON: ${place}.`, {
      errors: [{ pointer: '', code: 'malformed_json', message: `The mistake is at ${place}.` }],
    });
  }
}

/** The parser's own message quotes the text, which may hold addresses. */
function placeOf(text: string, message: string): string {
  if (text.trim() === '') return 'line 1, column 1 (it is empty)';
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const lines = text.slice(0, position).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
