import type { FormFields } from '#src/forms/fields.ts';
import { Problem } from './problem.ts';
import { readForm } from './read-form.ts';

/** The files that were chosen, by their field; of several in one field the first. */
export type Files = Record<string, File>;

/**
 * A form that may bring files: at most `most` bytes with them, and as long as any other form without. Throws a Problem
 * when it is longer or no form.
 */
export async function readUpload(
  request: Request,
  most: number,
): Promise<{ fields: FormFields; files: Files }> {
  const type = request.headers.get('content-type') ?? '';
  if (!type.startsWith('multipart/form-data')) return { fields: await readForm(request), files: {} };
  const body = new Response(await readBytes(request, most), { headers: { 'Content-Type': type } });
  const sent = await body.formData().catch(() => {
    throw new Problem(400);
  });
  // Without a prototype, so that a field called `constructor` is a field like any other.
  const fields: FormFields = Object.create(null);
  const files: Files = Object.create(null);
  for (const [name, value] of sent) {
    if (typeof value === 'string') {
      fields[name] ??= [];
      fields[name].push(value);
    } else if (value.size > 0) files[name] ??= value;
  }
  return { fields, files };
}

async function readBytes(request: Request, most: number): Promise<Buffer<ArrayBuffer>> {
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
  return Buffer.concat(chunks);
}
