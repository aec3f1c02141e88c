import Papa from 'papaparse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { demoKey } from '#src/exchange/api-keys.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { aClient, newestToken, signUp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const alice = 'alice@example.org';

describe.each(databases)('POST /api/v1/decisions/stream on %s', (name) => {
  let test: TestApi;
  beforeEach(async () => {
    test = await openTestApi(name);
    await signUp(test.app, alice, ['product-news:email']);
    await confirmSignup(test.app, await newestToken(test.app, alice), aClient);
  });
  afterEach(() => test.close());

  async function send(
    body: string | Uint8Array,
    type = 'text/csv',
    query = 'purpose=product-news&channel=email',
  ) {
    const response = await fetch(`${test.url}/api/v1/decisions/stream?${query}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${demoKey}`, 'Content-Type': type },
      body: body as BodyInit,
    });
    return { status: response.status, text: await response.text() };
  }

  async function table(csv: string | Uint8Array): Promise<Record<string, string>[]> {
    const { status, text } = await send(csv);
    expect(status, text).toBe(200);
    return Papa.parse<Record<string, string>>(text.trim(), { header: true }).data;
  }

  it('adds the answer to each line and passes the other columns through', async () => {
    const rows = await table(
      `id,contact_point,note\n1,${alice},"a, ""b"""\n2,nobody@example.org,\n3,oops,x\n`,
    );
    expect(rows).toMatchObject([
      {
        id: '1',
        note: 'a, "b"',
        allowed: 'true',
        reason: 'consent_active',
        law: expect.stringContaining('UWG'),
      },
      { id: '2', allowed: 'false', reason: 'no_permission', unsubscribe_url: '' },
      { id: '3', allowed: 'false', reason: 'invalid_contact_point' },
    ]);
    expect(rows[0]).toMatchObject({
      preferences_url: expect.stringContaining('/p/'),
      list_unsubscribe: `<${rows[0]?.unsubscribe_url}>`,
      list_unsubscribe_post: 'List-Unsubscribe=One-Click',
    });
  });

  it('reads what spreadsheets write: a mark, semicolons, CRLF, and quotes over lines', async () => {
    const rows = await table(
      `\uFEFFcontact_point;note\r\n"${alice}";"two\r\nlines"\r\nnobody@example.org;x\r\n`,
    );
    expect(rows.map(({ reason }) => reason)).toEqual(['consent_active', 'no_permission']);
    const { text } = await send(`contact_point;note\n${alice};x\n`);
    expect(text).toMatch(/^contact_point;note;allowed;/);
  });

  it('keeps formulas inert, and telephone numbers as they are', async () => {
    const [row] = await table(`contact_point,a,b,c\n${alice},=1+1,@SUM(A1),+49 30 123456\n`);
    expect(row).toMatchObject({ a: "'=1+1", b: "'@SUM(A1)", c: '+49 30 123456' });
  });

  it('names what is wrong with a line, and goes on', async () => {
    const rows = await table(`id,contact_point\n1,${alice}\n2\n3,${alice},more\n4,"${alice}"x\n5,${alice}\n`);
    expect(rows.map(({ id, reason, row_error }) => [id, reason, row_error])).toEqual([
      ['1', 'consent_active', ''],
      ['2', 'invalid_contact_point', 'too_few_cells'],
      ['3', 'invalid_contact_point', 'too_many_cells'],
      ['4', 'invalid_contact_point', 'malformed_quotes'],
      ['5', 'consent_active', ''],
    ]);
  });

  it('answers a line that is not UTF-8 with its reason, and its neighbours as ever', async () => {
    const lines = (pattern: (name: string) => string) =>
      Buffer.concat([
        Buffer.from(pattern('alice'), 'utf8'),
        Buffer.from(pattern('m\u00fcller'), 'latin1'),
        Buffer.from(pattern('alice'), 'utf8'),
      ]);
    const head = Buffer.from('contact_point;note\n');
    const rows = Papa.parse<Record<string, string>>(
      (await send(Buffer.concat([head, lines((name) => `${name}@example.org;x\n`)]))).text.trim(),
      { header: true },
    ).data;
    const objects = await send(
      lines((name) => `{"contact_point":"${name}@example.org"}\n`),
      'application/x-ndjson',
    );
    const answers = objects.text.trim().split('\n');
    for (const told of [rows, answers.map((line) => JSON.parse(line) as Record<string, string>)]) {
      expect(told.map(({ row_error, reason }) => row_error || reason)).toEqual([
        'consent_active',
        'not_utf8',
        'consent_active',
      ]);
    }
  });

  it('gives up a quote that nobody closed, and a line without end, and goes on', async () => {
    const filler = `x@example.org,\n`.repeat(20_000);
    const rows = await table(
      `contact_point,note\n${alice},"open\n${filler}${'y'.repeat(300_000)}\n${alice},z\n`,
    );
    expect(rows[0]).toMatchObject({ row_error: 'unclosed_quote' });
    expect(rows.filter(({ row_error }) => row_error === 'too_long')).toHaveLength(1);
    expect(rows.at(-1)).toMatchObject({ contact_point: alice, note: 'z', reason: 'consent_active' });
    expect(rows).toHaveLength(20_003);
  });

  it('answers objects with objects', async () => {
    const lines = [`{"contact_point":"${alice}","id":7}`, 'not json', '{"id":8}', ''].join('\n');
    const { text } = await send(lines, 'application/x-ndjson');
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers).toMatchObject([
      { contact_point: alice, id: 7, allowed: true, law: [expect.any(String), expect.any(String)] },
      { allowed: false, row_error: 'malformed_json' },
      { id: 8, allowed: false, row_error: 'no_contact_point' },
    ]);
  });

  it.each([
    ['no column contact_point', 'email\na@example.org\n', 'text/csv', undefined, 422],
    ['two of them', 'contact_point,contact_point\n', 'text/csv', undefined, 422],
    ['nothing at all', '', 'text/csv', undefined, 422],
    ['UTF-16', Buffer.from(`\uFEFFcontact_point\n`, 'utf16le'), 'text/csv', undefined, 422],
    ['another type', '[]', 'application/json', undefined, 415],
    ['no purpose', 'contact_point\n', 'text/csv', 'channel=email', 422],
  ])('refuses a file with %s', async (_, body, type, query, status) => {
    expect((await send(body, type, query)).status).toBe(status);
  });
});
