import { Problem } from './problem.ts';

/** A form with a file, of so many bytes at most. Throws a Problem for what is none, or is longer. */
export async function readUpload(request: Request, most: number): Promise<FormData> {
  const type = request.headers.get('content-type') ?? '';
  if (!type.startsWith('multipart/form-data'))
    throw new Problem(415, { 'Accept-Post': 'multipart/form-data' });
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.length;
      if (length <= most) chunks.push(chunk);
    }
  } catch (error) {
    // The adapter stops by itself at what is the most for any page.
    throw new Problem(/size limit/i.test(String(error)) ? 413 : 400);
  }
  if (length > most) throw new Problem(413);
  const body = new Response(Buffer.concat(chunks), { headers: { 'Content-Type': type } });
  return body.formData().catch(() => {
    throw new Problem(400);
  });
}
