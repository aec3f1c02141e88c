import type { AskedWithBody } from '#src/http/asked.ts';
import { ApiProblem } from './problem.ts';

/** 1,000 of the longest addresses fit. */
const longestBody = 2 * 1024 * 1024;

/** The body as JSON, with the bytes it was made of. Throws an ApiProblem that names the place. */
export async function readJson(request: AskedWithBody): Promise<{ value: unknown; bytes: Uint8Array }> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new ApiProblem(415, 'Send JSON, with Content-Type: application/json.', {
      headers: { 'Accept-Post': 'application/json' },
    });
  }
  if (request.headers.get('content-encoding') !== null) {
    throw new ApiProblem(415, 'Send it as it is, without a Content-Encoding.', {
      headers: { 'Accept-Encoding': 'identity' },
    });
  }
  const bytes = await readBytes(request, longestBody);
  return { value: parseJson(textOf(bytes)), bytes };
}

/** A body of one of these types, as it is. Throws an ApiProblem for any other. */
export async function readFile(request: AskedWithBody, types: string[], most: number): Promise<Uint8Array> {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  const fits = types.some((one) => one === type || one === '*/*');
  if (!fits || request.headers.get('content-encoding') !== null) {
    throw new ApiProblem(415, `Send ${types.join(' or ')}, as it is.`, {
      headers: { 'Accept-Post': types.join(', ') },
    });
  }
  return readBytes(request, most);
}

/** Thrown when whoever asks went away before all of it was sent: there is nobody to answer. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';
}

/** The body as it comes. */
export async function* piecesOf({ body }: AskedWithBody): AsyncGenerator<Uint8Array> {
  try {
    yield* body ?? [];
  } catch (cause) {
    throw new BrokenOff('The body broke off.', { cause });
  }
}

/** What is too long is read to its end all the same: who is cut off while sending sees no answer. */
export async function readBytes(request: AskedWithBody, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of piecesOf(request)) {
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
      errors: [{ pointer: '', code: 'malformed_json', message: `It cannot be read from ${place} on.` }],
    });
  }
}

/** The parser's own message would repeat the text, and with it addresses. */
function placeOf(text: string, message: string): string {
  if (text.trim() === '') return 'line 1, column 1 (it is empty)';
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const lines = text.slice(0, position).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
