import { UsageError } from './command.ts';
import { type CommandEntry, commands } from './commands.ts';

/** Runs the command that these words call and returns its exit code. */
export async function runCommand(args: string[]): Promise<number> {
  const name = [args.slice(0, 2).join(' '), args[0] ?? ''].find((candidate) =>
    Object.hasOwn(commands, candidate),
  );
  const entry = name === undefined ? undefined : commands[name];
  if (name === undefined || !entry) return showOverview(args);
  const rest = args.slice(name.split(' ').length);
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(`${entry.about}\n\n${usageOf(entry)}`);
    return 0;
  }
  try {
    const command = await entry.load();
    return await command(rest);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`jawort ${name}: ${error.message}\n\n${usageOf(entry)}`);
    return 2;
  }
}

function showOverview(args: string[]): number {
  const wanted = args.length === 0 || args[0] === 'help' || args[0] === '--help' || args[0] === '-h';
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = [
    ...(wanted ? [] : [`There is no command "${args.join(' ')}".`, '']),
    'npm run jawort -- COMMAND',
    '',
    ...Object.entries(commands).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`),
    '',
    'COMMAND --help shows how to call it. Each command takes --json.',
  ];
  console[wanted ? 'log' : 'error'](lines.join('\n'));
  return wanted ? 0 : 2;
}

function usageOf({ usage, details }: CommandEntry): string {
  const lines = usage.split('\n').map((line) => `  npm run jawort -- ${line}`);
  return ['Usage:', ...lines, ...(details ? ['', details] : [])].join('\n');
}
