import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnsweredPiece } from '#src/decisions/scrub/answer-lines.ts';
import { csvFormat } from '#src/decisions/scrub/csv-format.ts';
import { endOfLastRecord } from '#src/decisions/scrub/csv-records.ts';
import { scrub } from '#src/decisions/scrub/scrub.ts';
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

  async function all(text: string, size: number): Promise<AnsweredPiece[]> {
    return collect(scrub(test.app, question, 'csv', inPieces(text, size)));
  }

  const rows = Array.from({ length: 25_000 }, (_, index) => `${index},p${index}@example.org,"Ä, ""x"""`);
  const file = `id,contact_point,note\n${rows.join('\n')}\n`;

  it('answers the same in whatever pieces the file arrives', async () => {
    const whole = (await all(file, 1_000_000)).map(({ bytes }) => `${bytes}`).join('');
    expect(whole.trim().split('\r\n')).toHaveLength(25_001);
    expect((await all(file, 7777)).map(({ bytes }) => `${bytes}`).join('')).toBe(whole);
  });

  it('resumes from every position that it reports', async () => {
    const parts = await all(file, 50_000);
    expect(parts.length).toBeGreaterThan(2);
    // More are looked up at once, so some of these places lie within what was.
    expect(Math.max(...parts.map((part) => part.rows))).toBeLessThan(12_000);
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
      const decision = {
        allowed: false,
        reason: 'no_permission',
        law: ['§ 7'],
        valid_until: null,
        allowed_again_at: null,
        jurisdiction: 'DE',
        rules_version: 'de@2022-05-28.00000000',
        missing: [] as string[],
      } as const;
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

  async function answered(kind: 'csv' | 'ndjson', text: string | Buffer): Promise<string> {
    const bytes = Buffer.from(text);
    const source = (async function* () {
      yield bytes;
    })();
    const parts = await collect(scrub(test.app, question, kind, source));
    return parts.map((part) => `${part.bytes}`).join('');
  }

  it('reads a last line with a quoted line break and without a line end', async () => {
    const lines = await answered('csv', 'contact_point,note\nanna@example.org,"one\ntwo"');
    expect(lines).toMatch(/^.*\r\nanna@example\.org,"one\ntwo",false,no_permission,[^\n]*,\r\n$/);
  });

  it.each([
    ['csv', (line: string) => `contact_point,note\n${line},x\nanna@example.org,y\n`],
    ['ndjson', (line: string) => `{"contact_point":"${line}"}\n{"contact_point":"anna@example.org"}\n`],
  ] as const)('says of a line of %s that never seems to end that it is too long', async (kind, fileOf) => {
    const lines = await answered(kind, fileOf('a'.repeat(300_000)));
    expect(lines).toContain('too_long');
    expect(lines).not.toContain('unclosed_quote');
    expect(lines).toMatch(/anna@example\.org.*no_permission/);
  });

  it('reports no position in the middle of a line that is too long', async () => {
    const file = `contact_point\n${'a'.repeat(300_000)}\nanna@example.org\n`;
    const pace = { mostRows: 1, mostBatches: 1 };
    const places: number[] = [];
    for await (const { readTo } of scrub(test.app, question, 'csv', inPieces(file, 140_000), { pace })) {
      places.push(readTo);
    }
    expect(places.map((place) => file[place - 1] ?? '')).toEqual(places.map((place) => (place ? '\n' : '')));
    expect(places.at(-1)).toBe(file.length);
  });

  it.each([
    ['old line ends of a Mac', 'contact_point,name\ranna@example.org,Anna\r'],
    ['a quote that is not closed', 'contact_point,"name\nof it"\nanna@example.org,Anna\n'],
    ['another encoding', Buffer.from('contact_point;Straße\nanna@example.org;x\n', 'latin1')],
    ['nothing', ''],
    ['a BOM alone', '\uFEFF'],
  ])('refuses a first line with %s', async (_, text) => {
    await expect(answered('csv', text)).rejects.toThrow(/first line/i);
  });

  it.each([
    ['a BOM', '\uFEFFcontact_point;note\r\nanna@example.org;x\r\n', 'contact_point;note;'],
    [
      'columns of the same name',
      'note;contact_point;note\nx;anna@example.org;y\n',
      'note;contact_point;note;',
    ],
    ['an empty last column', 'contact_point\tnote\t\nanna@example.org\tx\t\n', 'contact_point\tnote\t\t'],
    ['a NUL', 'contact_point,note\nanna@example.org,x\0y\n', 'contact_point,note,'],
    ['names only', 'contact_point,note\n', 'contact_point,note,'],
    ['names only, and no line end', 'contact_point,note', 'contact_point,note,'],
  ])('takes a file with %s', async (_, text, head) => {
    const [first, ...lines] = (await answered('csv', text)).split('\r\n');
    expect(first?.startsWith(`${head}allowed`)).toBe(true);
    const asked = text.includes('anna') ? 1 : 0;
    expect(lines.filter((line) => /[;,\t]false[;,\t]no_permission[;,\t]/.test(line))).toHaveLength(asked);
    expect(lines.filter((line) => /_cells|quote|utf8/.test(line))).toEqual([]);
  });

  it('passes the members of an object through as text', async () => {
    const object = '{"contact_point": "anna@example.org", "id": 12345678901234567890, "sum": 1.10, "10": 0}';
    const [line = ''] = (await answered('ndjson', `  ${object}\r\n`)).split('\n');
    expect(line.startsWith(`${object.slice(0, -1)},"allowed":false,"reason":"no_permission"`)).toBe(true);
    expect(JSON.parse(line)).toMatchObject({ allowed: false, list_unsubscribe: null });
  });

  it('replaces the members of an earlier answer', async () => {
    const again = '{"contact_point":"anna@example.org","allowed":true,"row_error":"not_utf8"}';
    const line = await answered('ndjson', again);
    expect(line.match(/"allowed"/g)).toHaveLength(1);
    expect(JSON.parse(line)).toMatchObject({ contact_point: 'anna@example.org', allowed: false });
    expect(JSON.parse(line)).not.toHaveProperty('row_error');
  });

  it.each(['[]', '"text"', '7', 'null', '{', '{"contact_point": 7}', '{}', '\0'])(
    'answers a line %j of NDJSON with why it is none, and goes on',
    async (odd) => {
      const [first, second] = (await answered('ndjson', `${odd}\n{"contact_point":"anna@example.org"}\n`))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(first).toMatchObject({ allowed: false, reason: 'invalid_contact_point' });
      expect(first.row_error).toMatch(/^(malformed_json|no_contact_point)$/);
      expect(second).toMatchObject({ contact_point: 'anna@example.org', reason: 'no_permission' });
    },
  );
});
