import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '#tests/support/api.ts';
import { guide, type Snippet, snippetsIn } from './read-guides.ts';

const run = promisify(execFile);

describe('what the developer guides type into a terminal', () => {
  let test: TestApi;
  let folder: string;

  afterEach(async () => {
    await test.close();
    await rm(folder, { recursive: true });
  });

  // In one shell a guide: what the reader exports at its start holds to its end.
  it.each(['developers.md', 'errors.md', 'webhooks.md'])('%s is answered as it says', async (path) => {
    test = await openTestApi('sqlite');
    folder = await mkdtemp(join(tmpdir(), 'jawort-docs-'));
    await writeFile(join(folder, 'card.pdf'), '%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n');
    const snippets = snippetsIn(guide(path));
    const commands = snippets.filter(({ kind }) => kind === 'api');
    expect(commands.length).toBeGreaterThan(0);
    const exported = commands.flatMap(({ code }) => code.match(/^export .*$/gm) ?? []).join('\n');
    for (const command of commands) {
      // Some time passes between two commands of a reader, too.
      test.pass({ minutes: 1 });
      const script = `set -euo pipefail\n${exported}\n${command.code}`;
      const { stdout } = await run(
        'bash',
        ['-c', script.replaceAll('https://consent.example.org', test.url)],
        {
          cwd: folder,
        },
      );
      const next = snippets[snippets.indexOf(command) + 1];
      if (next?.kind === 'answer') expectAnswer(stdout, next);
      else expect(stdout).not.toContain('"errors"');
    }
  });
});

function expectAnswer(stdout: string, { language, code, path, line }: Snippet): void {
  const place = `${path}:${line} is answered ${stdout}`;
  if (language === 'json') {
    expectShown(JSON.parse(stdout), JSON.parse(code), place);
    return;
  }
  const [shown, given] = [code, stdout].map((text) => text.trim().split(/\r?\n/));
  expect(given?.length, place).toBe(shown?.length);
  for (const [index, text] of (shown ?? []).entries()) expect(given?.[index], place).toMatch(pattern(text));
}

/** A guide may leave members out, and `…` stands for whatever differs. What it shows has to be there. */
function expectShown(given: unknown, shown: unknown, place: string): void {
  if (typeof shown === 'string' && shown.includes('…')) {
    expect(String(given), place).toMatch(pattern(shown));
  } else if (Array.isArray(shown)) {
    expect(Array.isArray(given) ? given.length : 0, place).toBe(shown.length);
    for (const [index, one] of shown.entries()) expectShown((given as unknown[])[index], one, place);
  } else if (typeof shown === 'object' && shown !== null) {
    for (const [name, one] of Object.entries(shown)) {
      expectShown((given as Record<string, unknown> | undefined)?.[name], one, `${name}: ${place}`);
    }
  } else expect(given, place).toEqual(shown);
}

function pattern(shown: string): RegExp {
  const parts = shown.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`, 's');
}
