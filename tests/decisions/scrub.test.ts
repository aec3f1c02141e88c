import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { csvFormat } from '#src/decisions/scrub/csv-format.ts';
import { endOfLastRecord } from '#src/decisions/scrub/csv-records.ts';
import { type Scrubbed, scrub } from '#src/decisions/scrub/scrub.ts';
import { noLinks } from '#src/decisions/sending-links.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';

const question = {
  purpose: 'product-news',
  channel: 'email',
  audience: 'consumer',
  jurisdiction: 'DE',
} as const;

async function collect<T>(from: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
}

describe('scrub', () => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp('sqlite');
  });
  afterEach(() => test.close());

  async function* inPieces(text: string, size: number) {
    const bytes = Buffer.from(text);
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  }

  async function all(text: string, size: number): Promise<Scrubbed[]> {
    return collect(scrub(test.app, question, 'csv', inPieces(text, size)));
  }

  const rows = Array.from({ length: 12_000 }, (_, index) => `${index},p${index}@example.org,"Ä, ""x"""`);
  const file = `id,contact_point,note\n${rows.join('\n')}\n`;

  it('answers the same however the file arrives', async () => {
    const whole = (await all(file, 1_000_000)).map(({ bytes }) => `${bytes}`).join('');
    expect(whole.trim().split('\r\n')).toHaveLength(12_001);
    expect((await all(file, 7777)).map(({ bytes }) => `${bytes}`).join('')).toBe(whole);
  });

  it('goes on from every place that it names', async () => {
    const parts = await all(file, 50_000);
    expect(parts.length).toBeGreaterThan(2);
    const whole = parts.map(({ bytes }) => `${bytes}`).join('');
    for (const [index, { readTo }] of parts.entries()) {
      if (index === 0) continue;
      const source = inPieces(file.slice(0), 50_000);
      const rest = skip(source, readTo);
      const resumed = { readTo, firstLine: 'id,contact_point,note' };
      const again = await collect(scrub(test.app, question, 'csv', rest, { resumed }));
      const before = parts.slice(0, index + 1).map(({ bytes }) => `${bytes}`);
      expect([...before, ...again.map(({ bytes }) => `${bytes}`)].join('')).toBe(whole);
    }
  });

  async function* skip(source: AsyncIterable<Buffer>, count: number) {
    let left = count;
    for await (const chunk of source) {
      if (left < chunk.length) yield chunk.subarray(left);
      left = Math.max(0, left - chunk.length);
    }
  }

  it('knows where records end: quotes open cells only where cells begin', () => {
    const end = (text: string) => endOfLastRecord(Buffer.from(text), 0x2c);
    expect(end('a,b\nc')).toBe(4);
    expect(end('a,"b\nc')).toBe(0);
    expect(end('5",b\n"x""\n",c\n')).toBe(14);
    expect(end('a,5""\nb\n')).toBe(8);
  });

  it.each([',', ';', '\t', '|'])(
    'passes unquoted lines through as taking them apart does, set apart by %j',
    (delimiter) => {
      const cells = fc.array(
        fc.oneof(
          fc.constantFrom(
            '',
            'a',
            '=1+1',
            '+49 30 1',
            '-5',
            '+x',
            '@b',
            ' ',
            'p@q.example',
            '-',
            'ä',
            '5"',
            '\r',
          ),
          fc.string({ maxLength: 4 }).map((text) => text.replaceAll('"', '')),
        ),
        { maxLength: 5 },
      );
      const lines = fc.array(
        cells.map((some) => some.join(delimiter)),
        { maxLength: 6 },
      );
      const decision = { allowed: false, reason: 'no_permission', law: ['§ 7'], valid_until: null } as const;
      fc.assert(
        fc.property(lines, fc.constantFrom('\n', '\r\n'), (some, newline) => {
          const text = some.join(newline);
          const read = csvFormat(['id', 'contact_point', 'note'].join(delimiter)).read(Buffer.from(text));
          // A quoted cell makes all of them be taken apart.
          const quoted = `"x"${delimiter}"y"${delimiter}"z"${newline}${text}`;
          const apart = csvFormat(['id', 'contact_point', 'note'].join(delimiter)).read(Buffer.from(quoted));
          const answers = (from: typeof read, start: number) =>
            Array.from({ length: from.count - start }, (_, at) => [
              from.contactPoint(start + at),
              from.fault(start + at),
              from.answered(start + at, { decision, links: noLinks }),
            ]);
          expect(answers(read, 0)).toEqual(answers(apart, 1));
        }),
        { numRuns: 2000 },
      );
    },
  );

  it('replaces the columns of an earlier answer', () => {
    expect(csvFormat('contact_point,allowed,reason').head).toMatch(/^contact_point,allowed,reason,law,/);
  });
});
