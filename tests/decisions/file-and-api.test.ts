import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel } from '#db/schema/vocabulary.ts';
import type { Audience, Jurisdiction } from '#src/decisions/facts.ts';
import { scrub } from '#src/decisions/scrub/scrub.ts';
import { demoKey } from '#src/exchange/api-keys.ts';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { type DatabaseName, databases } from '#tests/support/databases.ts';
import { channels, moment, seedEveryCell } from './every-cell.ts';

interface Question {
  purpose: string;
  channel: Channel;
  audience: Audience;
  jurisdiction?: Jurisdiction;
}

const questions = channels.flatMap((channel) =>
  ([undefined, 'DE', 'AT', 'CH', 'NL'] as const).flatMap((jurisdiction) =>
    (['consumer', 'business'] as const).map(
      (audience): Question => ({
        purpose: 'product-news',
        channel,
        audience,
        ...(jurisdiction && { jurisdiction }),
      }),
    ),
  ),
);

const columns = [
  'contact_point',
  'allowed',
  'reason',
  'law',
  'valid_until',
  'allowed_again_at',
  'jurisdiction',
  'rules_version',
  'preferences_url',
  'unsubscribe_url',
  'list_unsubscribe',
  'list_unsubscribe_post',
] as const;
type Line = Record<(typeof columns)[number], unknown>;

/** The rules do not know the database, so PostgreSQL is asked once for each channel. */
const questionsOn = (name: DatabaseName) =>
  questions.filter(
    ({ jurisdiction, audience }) => name === 'sqlite' || (jurisdiction === 'AT' && audience === 'business'),
  );

describe.each(databases)('every cell of the rules at every boundary on %s', (name) => {
  let test: TestApi;
  let addresses: Record<Channel, string[]>;
  const reasons = new Set<unknown>();
  beforeAll(async () => {
    test = await openTestApi(name);
    test.pass({ days: 28, hours: 3 });
    expect(test.app.now().toISOString()).toBe(moment);
    addresses = await seedEveryCell(test.app.db, test.app.keys);
  }, 120_000);
  afterAll(() => test.close());

  // The first one is invalid, and the last ones are in the question twice.
  const linesOf = ({ channel }: Question) => [
    'no address',
    ...addresses[channel],
    ...addresses[channel].slice(-200),
  ];

  async function answersOfApi(question: Question): Promise<Line[]> {
    const all = linesOf(question);
    const lines: Line[] = [];
    for (let from = 0; from < all.length; from += 1000) {
      const asked = { ...question, contact_points: all.slice(from, from + 1000), include: ['links'] };
      const { body } = await test.call('/decisions', asked);
      lines.push(...(body.decisions as Line[]));
    }
    return lines.map((line) => picked({ ...line, law: (line.law as string[]).join('; ') }));
  }

  async function linesOfFile(question: Question): Promise<Line[]> {
    const table = Papa.unparse(linesOf(question).map((contact_point) => ({ contact_point })));
    let text = '';
    for await (const { bytes } of scrub(test.app, question, 'csv', oneChunk(table))) text += bytes;
    const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
    return data.map((line) =>
      picked({
        ...Object.fromEntries(Object.entries(line).map(([column, cell]) => [column, cell || null])),
        // CSV puts an apostrophe before what a spreadsheet would run, and keeps numbers as they are.
        contact_point: line.contact_point?.replaceAll('\r\n', '\n'),
        allowed: line.allowed === 'true',
        law: line.law,
      }),
    );
  }

  async function linesOfStream(question: Question): Promise<Line[]> {
    const address = `${test.url}/api/v1/decisions/stream?${new URLSearchParams({ ...question })}`;
    const answer = await fetch(address, {
      method: 'POST',
      headers: { Authorization: `Bearer ${demoKey}`, 'Content-Type': 'application/x-ndjson' },
      body: linesOf(question)
        .map((contact_point) => `${JSON.stringify({ contact_point })}\n`)
        .join(''),
    });
    const text = await answer.text();
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map((line) => picked({ ...line, law: line.law.join('; ') }));
  }

  it.each(questionsOn(name))(
    'is the same by API, file and stream: $channel $audience $jurisdiction',
    async (question) => {
      const expected = await answersOfApi(question);
      expect(expected).toHaveLength(linesOf(question).length);
      for (const { reason } of expected) reasons.add(reason);
      expect(differences(await linesOfFile(question), expected)).toEqual([]);
      expect(differences(await linesOfStream(question), expected)).toEqual([]);
    },
  );

  it.runIf(name === 'sqlite')('covers every reason that a file can get', () => {
    expect([...reasons].sort()).toEqual([
      'channel_not_verified',
      'consent_active',
      'evidence_incomplete',
      'existing_customer',
      'expired',
      'frequency_reached',
      'invalid_contact_point',
      'legitimate_interest',
      'no_permission',
      'no_permission_for_channel',
      'no_permission_for_purpose',
      'pending_confirmation',
      'presumed_consent',
      'refused',
      'restricted',
      'suppressed_bounce',
      'suppressed_complaint',
      'suppressed_objection',
      'unused_too_long',
      'withdrawn',
    ]);
  });
});

function picked(line: Record<string, unknown>): Line {
  return Object.fromEntries(columns.map((column) => [column, line[column] ?? null])) as Line;
}

/** The first few, so that a failure can be read. */
function differences(lines: Line[], expected: Line[]): { is: Line | undefined; expected: Line }[] {
  return expected
    .map((line, index) => ({ is: lines[index], expected: line }))
    .filter((pair) => JSON.stringify(pair.is) !== JSON.stringify(pair.expected))
    .slice(0, 3);
}

async function* oneChunk(text: string) {
  yield Buffer.from(text);
}
