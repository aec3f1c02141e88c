import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { programs } from '#src/cli/programs.mjs';

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
  const startedAt = performance.now();
  const asked = ['--purpose', 'product-news', '--channel', 'email', '--json'];
  const { file, flags, variables } = programs.jawort;
  const child = spawn(process.execPath, [...flags, file, 'scrub', input, output, ...asked], {
    cwd: resolve(import.meta.dirname, '../../..'),
    env: { PATH: process.env.PATH, ...variables, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const ended = once(child, 'close');
  let used: Used | undefined;
  while (child.exitCode === null && child.signalCode === null) {
    used = usedBy(child.pid ?? 0) ?? used;
    await Promise.race([ended, wait(50)]);
  }
  await ended;
  if (child.exitCode !== 0)
    throw new Error(`scrub ended with ${child.exitCode ?? child.signalCode}: ${said}`);
  const { rows } = JSON.parse(said) as { rows: number };
  rmSync(output);
  return {
    rowsPerSecond: (rows / (performance.now() - startedAt)) * 1000,
    megabytes: used?.megabytes,
    processorMicros: used && used.processorMicros / rows,
  };
}

type Used = { megabytes: number; processorMicros: number };

function usedBy(pid: number): Used | undefined {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // After the name in brackets: state, … , utime and stime in hundredths of a second.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    if (kilobytes === undefined) return undefined;
    const processorMicros = (Number(fields[11]) + Number(fields[12])) * 10_000;
    return { megabytes: Number(kilobytes) / 1024, processorMicros };
  } catch {
    return undefined;
  }
}
