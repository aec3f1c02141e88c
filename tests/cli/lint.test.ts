import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '#src/cli/command.ts';
import { lintCommand } from '#src/cli/lint.ts';
import { rules } from '#src/consent-texts/wording-check/rules.ts';
import { referenceTexts } from '#tests/consent-texts/reference-texts.ts';

const folder = mkdtempSync(join(tmpdir(), 'jawort-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function lint(argv: string[], stdin: string | Uint8Array = '') {
  let out = '';
  const code = await lintCommand(argv, {
    stdin: (async function* () {
      yield stdin;
    })(),
    stdout: { write: (text) => (out += text) },
  });
  return { code, out };
}

function fileOf(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const clean = referenceTexts[0]?.wording ?? '';
const known = ['--lang', 'de', '--channel', 'email', '--controller', 'Muster GmbH', '--place', 'Hanau'];

describe('jawort lint', () => {
  it('finds nothing in a clean file and says what that is worth', async () => {
    const { code, out } = await lint([fileOf('clean.txt', `${clean}\n`), ...known, '--term', 'CRM-Software']);
    expect(code).toBe(0);
    expect(out).toBe(
      '0 Fehler, 0 Warnungen, 0 Hinweise\nEin sauberes Ergebnis ist keine rechtliche Freigabe.\n',
    );
  });

  it('ends with the same sentence in English', async () => {
    const { out } = await lint(['-', '--lang', 'en'], 'Yes.');
    expect(out.trimEnd().split('\n').at(-1)).toBe('A clean check is no legal clearance.');
  });

  it('shows line and column, words, reason, ruling and a good example', async () => {
    const path = fileOf('bad.txt', `${clean}\nWerbung von uns und unseren Partnern.`);
    const { code, out } = await lint([path, ...known]);
    expect(code).toBe(1);
    expect(out).toContain(`${path}:2:29 Fehler W01  „Partnern“: offener Kreis von Partnern.`);
    expect(out).toContain('unseren »Partnern«.');
    expect(out).toContain('Grund: BGH VI ZR 721/15');
    expect(out).toContain('[V/V2]');
    expect(out).toContain('Gut: Ja, die Muster GmbH, Hanau');
  });

  it('answers 0 when there are only warnings and hints', async () => {
    const { code, out } = await lint(
      ['-', ...known],
      clean.replace('Das ist freiwillig. ', '').replace('höchstens zweimal im Monat ', ''),
    );
    expect(code).toBe(0);
    expect(out).toContain('0 Fehler, 0 Warnungen, 1 Hinweis');
  });

  it('judges one clause as a clause, and the whole form as a form', async () => {
    const clause = clean.replace(/ [^.]*Datenschutzhinweisen\.$/u, '');
    expect(clause).not.toBe(clean);
    const alone = await lint(['-', ...known, '--json'], clause);
    expect(alone.code).toBe(0);
    expect(JSON.parse(alone.out).findings).toMatchObject([{ rule: 'W38', severity: 'info' }]);
    const form = await lint(['-', ...known, '--form', '--json'], clause);
    expect(form.code).toBe(1);
    expect(JSON.parse(form.out).findings).toMatchObject([{ rule: 'W38', severity: 'error' }]);
  });

  it.each(referenceTexts)(
    'does not stop the clause of $name for the privacy notice of its form',
    async (text) => {
      const { locale, wording } = text;
      const clause = wording.replace(/ [^.]*(?:Datenschutz|privacy notice)[^.]*\.$/u, '');
      const options = ['--lang', locale, '--channel', text.channel];
      const { out } = await lint(['-', ...options, '--json'], clause);
      const stopping = JSON.parse(out).findings.filter(
        (one: { severity: string }) => one.severity === 'error',
      );
      expect(stopping.map((one: { rule: string }) => one.rule)).not.toContain('W38');
    },
  );

  it('writes exactly the findings as JSON', async () => {
    const wording = `${clean} Auch von unseren Partnern.`;
    const { code, out } = await lint(['-', ...known, '--json'], wording);
    expect(code).toBe(1);
    const { findings, ...rest } = JSON.parse(out);
    expect(rest).toEqual({});
    expect(findings).toEqual([
      {
        rule: 'W01',
        severity: 'error',
        start: wording.indexOf('Partnern'),
        end: wording.indexOf('Partnern') + 8,
        message: '„Partnern“: offener Kreis von Partnern.',
        law: expect.stringContaining('BGH VI ZR 721/15'),
      },
    ]);
  });

  it('takes every option more than once', async () => {
    const text = 'Ja, die A GmbH und die B GmbH dürfen mir per E-Mail und SMS Werbung für Sägen schicken.';
    const options = [
      '--channel',
      'email',
      '--channel',
      'sms',
      '--controller',
      'A GmbH',
      '--controller',
      'B GmbH',
    ];
    const { out } = await lint(
      ['-', '--lang', 'de', ...options, '--term', 'Bohrer', '--term', 'Sägen', '--json'],
      text,
    );
    const ids = JSON.parse(out).findings.map((one: { rule: string }) => one.rule);
    expect(ids).toEqual(expect.arrayContaining(['W03', 'W22', 'W23']));
    expect(ids).not.toContain('W09');
    expect(ids).not.toContain('W10');
    expect(ids).not.toContain('W11');
  });

  it('knows purposes, recipients, frequency and audience', async () => {
    const more = [
      '--purpose',
      'offers:disclosure',
      '--recipient',
      'Beispiel AG, Köln',
      '--frequency',
      '1/week',
      '--audience',
      'business',
    ];
    const { out } = await lint(['-', ...known, ...more, '--json'], clean);
    const found = JSON.parse(out).findings.map(
      (one: { rule: string; severity: string }) => `${one.rule} ${one.severity}`,
    );
    expect(found).toEqual(['W29 error', 'W35 error', 'W03 warn']);
  });

  it('reads UTF-8 with and without a byte order mark alike', async () => {
    const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(clean)]);
    expect(await lint([fileOf('bom.txt', bytes), ...known, '--json'])).toEqual({
      code: 0,
      out: '{"findings":[]}\n',
    });
    expect((await lint(['-', ...known, '--json'], bytes)).out).toBe('{"findings":[]}\n');
  });

  it.each([
    [
      'a file that is not UTF-8',
      [fileOf('latin1.txt', Buffer.from('für', 'latin1')), '--lang', 'de'],
      'is not valid UTF-8',
    ],
    ['a file that is not there', [join(folder, 'none.txt'), '--lang', 'de'], 'there is no such file'],
    ['a directory', [folder, '--lang', 'de'], 'it is a directory'],
    ['no file', ['--lang', 'de'], 'Which file?'],
    ['two files', ['a', 'b', '--lang', 'de'], 'One file at a time'],
    ['no language', ['-'], '--lang is missing'],
    ['an unknown language', ['-', '--lang', 'fr'], '--lang fr is unknown; choose de, en.'],
    ['an unknown kind', ['-', '--lang', 'de', '--kind', 'letter'], '--kind letter is unknown'],
    ['an unknown channel', ['-', '--lang', 'de', '--channel', 'pigeon'], '--channel pigeon is unknown'],
    ['an unknown option', ['-', '--lang', 'de', '--fast'], "Unknown option '--fast'"],
    ['an option without its value', ['-', '--lang', 'de', '--term'], '--term'],
    ['a place without a company', ['-', '--lang', 'de', '--place', 'Hanau'], 'belongs to no --controller'],
    ['a frequency that is none', ['-', '--lang', 'de', '--frequency', 'often'], 'is not understood'],
  ])('refuses %s', async (_, argv, message) => {
    const error = await lint(argv).catch((caught) => caught);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain(message);
  });

  it('shows no hidden character to the terminal', async () => {
    const { out } = await lint(['-', ...known], `${clean} \u202e\u001b[31m Partner`);
    expect(out).toContain('⟨U+202E⟩');
    expect(['\u202e', '\u001b'].filter((mark) => out.includes(mark))).toEqual([]);
  });

  const bad = rules
    .filter(
      ({ id, kind }) =>
        kind === 'text' || kind === 'absent' || (kind === 'cross' && id !== 'W43') || kind === 'notice',
    )
    .flatMap(({ id, examples }) =>
      (['de', 'en'] as const).flatMap((lang) =>
        examples[lang].bad.map((wording) => [id, lang, wording] as const),
      ),
    );

  it.each(bad)('answers 1 or warns with %s (%s): %s', async (id, lang, wording) => {
    const { out } = await lint(
      [
        '-',
        ...['--lang', lang, '--channel', 'email', '--controller', 'Muster GmbH', '--json'],
        ...(id.startsWith('N') ? ['--kind', 'notice'] : []),
      ],
      wording,
    );
    expect(JSON.parse(out).findings.map((one: { rule: string }) => one.rule)).toContain(id);
  });
});
