/**
 * `launch.mjs PROGRAM [ARGUMENT …]`: becomes that program, with its flags and variables from programs.mjs. The process
 * stays the same one, so signals and exit codes are the program's own.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programs } from './programs.mjs';

const [name = '', ...given] = process.argv.slice(2);
/** @type {import('./programs.mjs').Program | undefined} */
const program = Object.entries(programs).find(([key]) => key === name)?.[1];
if (!program || !process.execve) {
  process.stderr.write(`launch.mjs takes one of ${Object.keys(programs).join(', ')}, and Node 24.\n`);
  process.exit(2);
}
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { file, args = [], flags, variables } = program;
process.execve(process.execPath, [process.execPath, ...flags, join(root, file), ...args, ...given], {
  ...process.env,
  ...variables,
});
