import { Problem } from '#src/http/problem.ts';
import { lettersPdf, type PrintableLetter } from '#src/letters/letter-pdf.ts';

/** Letters as a file for the printer. Nobody else may keep a copy of it. */
export async function pdfAnswer(
  letters: PrintableLetter[],
  how: { duplex: boolean; title: string; name: string },
): Promise<Response> {
  if (letters.length === 0) throw new Problem(404);
  const pdf = await lettersPdf(letters, how);
  return new Response(new Uint8Array(pdf), {
    headers: {
      'Content-Type': 'application/pdf',
      'Content-Disposition': `inline; filename="${how.name}"`,
      'Cache-Control': 'no-store',
    },
  });
}
