import { inflateSync } from 'node:zlib';

/** The text of each page of a PDF that pdfkit made with embedded fonts; one line for each line of text. */
export function pdfPages(bytes: Uint8Array): string[] {
  const file = Buffer.from(bytes).toString('latin1');
  const objects = new Map(
    [...file.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, id = '', body = '']) => [
      id,
      body,
    ]),
  );
  const streamOf = (id: string | undefined) => {
    const body = objects.get(id ?? '') ?? '';
    const stream = Buffer.from(/stream\n([\s\S]*)\nendstream/.exec(body)?.[1] ?? '', 'latin1');
    return (/\/Filter \/FlateDecode/.test(body) ? inflateSync(stream) : stream).toString('latin1');
  };
  const fonts = new Map(
    [...file.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id = '']) => {
      const toUnicode = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id) ?? '')?.[1];
      return [name, lettersIn(streamOf(toUnicode))];
    }),
  );
  const kids = /\/Type \/Pages[\s\S]*?\/Kids \[([^\]]*)\]|\/Kids \[([^\]]*)\][\s\S]*?\/Type \/Pages/.exec(
    file,
  );
  const pages = [...(kids?.[1] ?? kids?.[2] ?? '').matchAll(/(\d+) 0 R/g)];
  return pages.map(([, id = '']) => {
    const contents = /\/Contents (\d+) 0 R/.exec(objects.get(id) ?? '')?.[1];
    return textIn(streamOf(contents), fonts);
  });
}

/** By the number of the glyph, from the ToUnicode map of a font. */
function lettersIn(map: string): Map<number, string> {
  const letters = new Map<number, string>();
  for (const [, from = '', list = ''] of map.matchAll(/<(\w+)> <\w+> \[([^\]]*)\]/g)) {
    for (const [index, [, hex = '']] of [...list.matchAll(/<([\w ]+)>/g)].entries()) {
      const text = Buffer.from(hex.replaceAll(' ', ''), 'hex').swap16().toString('utf16le');
      letters.set(Number.parseInt(from, 16) + index, text);
    }
  }
  return letters;
}

function textIn(content: string, fonts: Map<string, Map<number, string>>): string {
  const lines = [...content.matchAll(/BT\n([\s\S]*?)ET/g)].map(([, part = '']) => {
    const letters = fonts.get(/\/(F\d+) [\d.]+ Tf/.exec(part)?.[1] ?? '');
    const glyphs = [...part.matchAll(/<([0-9a-f]+)>/g)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
    return glyphs.map((glyph) => letters?.get(Number.parseInt(glyph, 16)) ?? '').join('');
  });
  return lines.join('\n');
}
