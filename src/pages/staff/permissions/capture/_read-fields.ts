import { first } from '#src/forms/fields.ts';
import { readForm } from '#src/http/read-form.ts';
import { readUpload } from '#src/http/read-upload.ts';

export interface TypedCapture {
  typed: Record<string, string>;
  /** The file that was chosen. A browser cannot be told to choose it again. */
  scan: Uint8Array | undefined;
  /** The checksum of the one that was handed in with what is mended. */
  keptScan?: string;
}

/** The fields of a capture page. Unlike any other form of ours it may bring a file. */
export async function readFields(request: Request): Promise<TypedCapture> {
  if (!request.headers.get('content-type')?.startsWith('multipart/form-data')) {
    const fields = await readForm(request);
    const names = Object.keys(fields);
    return {
      typed: Object.fromEntries(names.map((name) => [name, clean(first(fields, name))])),
      scan: undefined,
    };
  }
  const entries = await readUpload(request, longestCapture);
  const typed: Record<string, string> = {};
  let scan: Uint8Array | undefined;
  for (const [name, value] of entries) {
    if (typeof value === 'string') typed[name] ??= clean(value);
    else if (name === 'scan' && value.size > 0) scan = new Uint8Array(await value.arrayBuffer());
  }
  return { typed, scan };
}

function clean(value = ''): string {
  return value.trim().slice(0, longestEntry);
}

const longestEntry = 5000;
const longestCapture = 1024 * 1024;
