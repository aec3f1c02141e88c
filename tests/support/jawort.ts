import { spawn } from 'node:child_process';
import type { App } from '#src/app/app.ts';

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command line in a process of its own, on the database of this app. `mostKilobytes`: no file grows beyond it; `input`: its standard input. */
export async function jawort(
  app: App,
  args: string[],
  { mostKilobytes, input }: { mostKilobytes?: number; input?: string } = {},
): Promise<CommandResult> {
  const limit = mostKilobytes === undefined ? '' : `ulimit -f ${mostKilobytes}; `;
  const command = [process.execPath, 'src/cli/jawort.ts', ...args];
  const child = spawn('bash', ['-c', `${limit}exec "$@"`, 'jawort', ...command], {
    // Not the test runner's own, of which some are called as ours.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: app.config.databaseUrl },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {}).end(input);
  const result: CommandResult = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    result.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    result.stderr += chunk;
  });
  result.code = await new Promise((resolve) => child.once('close', resolve));
  return result;
}
