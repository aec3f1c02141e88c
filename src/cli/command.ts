import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** Gets what follows its name and returns the exit code: 0 done, 1 found something, 2 wrong usage. */
export type Command = (args: string[]) => Promise<number>;

/** The command was called wrongly: the message is shown with the usage, and the exit code is 2. */
export class UsageError extends Error {}

const common = { json: { type: 'boolean', default: false } } as const;

/** The values of these options and of `--json`, and the positional arguments. Throws a `UsageError` for all others. */
export function readArguments<Options extends ParseArgsOptionsConfig>(args: string[], options: Options) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { ...options, ...common } });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** For a command that takes `--json` and nothing else. */
export function readJsonFlag(args: string[]): boolean {
  const { values, positionals } = readArguments(args, {});
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is not an option here.`);
  return values.json;
}

/** The choice that the value of this option names. Throws a `UsageError` when it is missing or not one of them. */
export function oneOf<const Choice extends string>(
  choices: readonly Choice[],
  value: string | undefined,
  option: string,
): Choice {
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  const list = choices.join(', ');
  throw new UsageError(
    value === undefined ? `${option} is missing: ${list}.` : `${option} ${value} is unknown; choose ${list}.`,
  );
}
