import { Problem } from './problem.ts';

/** A form with a file, of at most `most` bytes. Throws a Problem when it is longer or no such form. */
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
    // The adapter throws at the limit of all pages.
    throw new Problem(/size limit/i.test(String(error)) ? 413 : 400);
  }
  if (length > most) throw new Problem(413);
  const body = new Response(Buffer.concat(chunks), { headers: { 'Content-Type': type } });
  return body.formData().catch(() => {
    throw new Problem(400);
  });
}
