import type { CommandEntry } from './command.ts';

export function helpText(commands: Record<string, CommandEntry>, unknown?: string): string {
  const width = Math.max(...Object.values(commands).map((entry) => entry.usage.length));
  return [
    ...(unknown === undefined ? [] : [`There is no command "${unknown}".`, '']),
    'npm run jawort -- COMMAND',
    '',
    ...Object.values(commands).map((entry) => `  ${entry.usage.padEnd(width)}  ${entry.about}`),
  ].join('\n');
}
