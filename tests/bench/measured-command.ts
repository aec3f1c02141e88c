import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { programs } from '#src/cli/programs.mjs';

export interface MeasuredCommand {
  code: number;
  output: string;
  seconds: number;
  /** The most that the process had in memory; undefined where there is no /proc. */
  megabytes: number | undefined;
  /** Of all its threads: what a busy machine changes least. */
  processorSeconds: number | undefined;
}

/** A command of the command line as it is called, its start included. */
export async function measuredCommand(databaseUrl: string, args: string[]): Promise<MeasuredCommand> {
  const startedAt = performance.now();
  const { file, flags, variables } = programs.jawort;
  const child = spawn(process.execPath, [...flags, file, ...args], {
    cwd: resolve(import.meta.dirname, '../..'),
    env: { PATH: process.env.PATH, ...variables, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const ended = once(child, 'close');
  let used: Used | undefined;
  while (child.exitCode === null && child.signalCode === null) {
    used = usedBy(child.pid ?? 0) ?? used;
    await Promise.race([ended, wait(50)]);
  }
  await ended;
  if (child.exitCode === null) throw new Error(`${args.join(' ')} ended with ${child.signalCode}: ${output}`);
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    code: child.exitCode,
    output,
    seconds,
    megabytes: undefined,
    processorSeconds: undefined,
    ...used,
  };
}

type Used = Pick<MeasuredCommand, 'megabytes' | 'processorSeconds'>;

function usedBy(pid: number): Used | undefined {
  try {
    const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // After the name in brackets: state, … , utime and stime in hundredths of a second.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    if (kilobytes === undefined) return undefined;
    return {
      megabytes: Number(kilobytes) / 1024,
      processorSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    };
  } catch {
    return undefined;
  }
}
