import { rmSync } from 'node:fs';
import { measuredCommand } from '../measured-command.ts';

export interface Scrubbing {
  rowsPerSecond: number;
  /** The most that the process had in memory; undefined where there is no /proc. */
  megabytes: number | undefined;
  /** Of all its threads, in microseconds a row: what a busy machine changes least. */
  processorMicros: number | undefined;
}

/** `jawort scrub` as it is called, its start included. */
export async function scrubCommand(databaseUrl: string, input: string): Promise<Scrubbing> {
  const output = `${input}.scrubbed`;
  const asked = ['--purpose', 'product-news', '--channel', 'email', '--json'];
  const ran = await measuredCommand(databaseUrl, ['scrub', input, output, ...asked]);
  if (ran.code !== 0) throw new Error(`scrub ended with ${ran.code}: ${ran.output}`);
  const { rows } = JSON.parse(ran.output) as { rows: number };
  rmSync(output);
  const { seconds, megabytes, processorSeconds } = ran;
  return {
    rowsPerSecond: rows / seconds,
    megabytes,
    processorMicros: processorSeconds && (processorSeconds * 1_000_000) / rows,
  };
}
