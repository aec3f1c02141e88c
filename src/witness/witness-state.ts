/** What a witness remembers: its name, the keys of the logs that it watches, and the newest head of each. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const state = z.strictObject({
  name: z.string().regex(/^[^\s+]+$/u),
  logs: z.record(
    z.string(),
    z.strictObject({
      /** Verifier keys. */
      keys: z.array(z.string()),
      size: z.int().min(0),
      /** Hex; of the newest head that was cosigned. */
      root: z.string(),
      /** That head as others get it, with our cosignature; '' before the first. */
      note: z.string(),
    }),
  ),
});

export type WitnessState = z.infer<typeof state>;

/** `undefined` while there is none. Throws for a file that holds none: a witness that forgot would sign a fork. */
export function readWitnessState(file: string): WitnessState | undefined {
  return existsSync(file) ? state.parse(JSON.parse(readFileSync(file, 'utf8'))) : undefined;
}

/** On disk when this returns: after a crash the file holds the former state or this one. */
export function writeWitnessState(file: string, value: WitnessState): void {
  const temporary = `${file}.new`;
  const open = openSync(temporary, 'w', 0o600);
  try {
    writeSync(open, `${JSON.stringify(value, undefined, 2)}\n`);
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
  renameSync(temporary, file);
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
