import { afterEach, describe, expect, it, vi } from 'vitest';
import { commands } from '#src/cli/commands.ts';
import { runCommand } from '#src/cli/run-command.ts';

const names = Object.keys(commands);

async function run(...args: string[]) {
  const [log, error] = (['log', 'error'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation(() => {}),
  );
  const code = await runCommand(args);
  return { code, out: log?.mock.calls.join('\n') ?? '', err: error?.mock.calls.join('\n') ?? '' };
}

describe('npm run jawort', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([[], ['help'], ['--help']])('lists every command when it is called with "%s"', async (...args) => {
    const { code, out } = await run(...args);
    expect(code).toBe(0);
    for (const name of names) expect(out).toContain(`  ${name} `);
  });

  it('does not know other commands', async () => {
    expect(await run('constructor')).toMatchObject({
      code: 2,
      err: expect.stringContaining('"constructor"'),
    });
    expect((await run('ledger')).code).toBe(2);
  });

  it.each(names)('%s explains itself with --help, and takes --json', async (name) => {
    const { code, out, err } = await run(...name.split(' '), '--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(commands[name]?.about);
    expect(out).toContain(`npm run jawort -- ${name}`);
    expect(out).toContain('--json');
  });

  it.each(names)('%s refuses an unknown option, and says how it is called', async (name) => {
    const extra = name === 'export' ? ['suppressions'] : [];
    const { code, out, err } = await run(...name.split(' '), ...extra, '--sideways');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain("Unknown option '--sideways'");
    expect(err).toContain(`npm run jawort -- ${name}`);
  });
});
