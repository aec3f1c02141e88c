/** Streams lines as a CSV file with this name. */
export function csvDownload(lines: AsyncIterable<string>, name: string): Response {
  return new Response(bytes(lines) as unknown as BodyInit, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
    },
  });
}

async function* bytes(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of lines) yield Buffer.from(text);
}
