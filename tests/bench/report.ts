import type { Measured } from './load.ts';

export interface Figures {
  requests: number;
  perSecond: number;
  /** In milliseconds. */
  p50: number;
  p99: number;
}

export interface Cell {
  act: string;
  connections: number;
  bare: Figures;
  ours: Figures;
  /** Our requests a second as a part of the bare ones. */
  ofBare: number;
  /** Our p99 as a multiple of the bare one. */
  p99Times: number;
}

export interface Report {
  cells: Cell[];
  /** Bytes of the form and its style sheets, compressed. */
  formBytes: number;
  /** Of the server at the end. */
  residentMegabytes: number | undefined;
  /** Of each start on the database that the run has filled. */
  readyMillis: number[];
  /** Mails that were still to be sent when the load ended, and how fast they went out. */
  mailsPerSecond: number;
}

export function cellOf(act: string, connections: number, bare: Measured[], ours: Measured[]): Cell {
  const figures = { bare: figuresOf(bare), ours: figuresOf(ours) };
  return {
    act,
    connections,
    ...figures,
    ofBare: figures.ours.perSecond / figures.bare.perSecond,
    p99Times: figures.ours.p99 / figures.bare.p99,
  };
}

function figuresOf(rounds: Measured[]): Figures {
  const latencies = Float64Array.from(rounds.flatMap((round) => [...round.latencies])).sort();
  const seconds = rounds.reduce((sum, round) => sum + round.seconds, 0);
  const at = (part: number) => latencies[Math.floor((latencies.length - 1) * part)] ?? Number.NaN;
  return { requests: latencies.length, perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99) };
}

export function tableOf(report: Report): string {
  const heading = [
    '',
    'conn.',
    'req/s',
    'p50 ms',
    'p99 ms',
    'bare req/s',
    'p50 ms',
    'p99 ms',
    'of bare',
    'p99 ×',
  ];
  const rows = report.cells.map(({ act, connections, ours, bare, ofBare, p99Times }) => [
    act,
    String(connections),
    ...numbers(ours),
    ...numbers(bare),
    `${Math.round(ofBare * 100)} %`,
    p99Times.toFixed(1),
  ]);
  return [...aligned([heading, ...rows]), '', ...aligned(aims(report))].join('\n');
}

function numbers({ perSecond, p50, p99 }: Figures): string[] {
  return [perSecond.toFixed(0), p50.toFixed(2), p99.toFixed(2)];
}

function aims({ cells, formBytes, residentMegabytes, readyMillis, mailsPerSecond }: Report): string[][] {
  const hot = cells.filter(({ act }) => act === 'signup POST' || act === 'confirmation POST');
  const least = Math.min(...hot.map(({ ofBare }) => ofBare));
  const most = Math.max(
    ...hot.filter(({ connections }) => connections === 16).map(({ p99Times }) => p99Times),
  );
  const ready = readyMillis.toSorted((a, b) => a - b)[Math.floor(readyMillis.length / 2)] ?? Number.NaN;
  return [
    [
      'signup and confirmation, at least',
      `${Math.round(least * 100)} % of bare`,
      'aim ≥ 50 %',
      met(least >= 0.5),
    ],
    ['their p99 at 16 connections', `${most.toFixed(1)} × bare`, 'aim ≤ 5 ×', met(most <= 5)],
    [
      'form page and style, compressed',
      `${(formBytes / 1000).toFixed(1)} kB`,
      'aim < 15 kB',
      met(formBytes < 15_000),
    ],
    memoryLine(residentMegabytes),
    ['ready on an existing database', `${(ready / 1000).toFixed(2)} s`, 'aim < 2 s', met(ready < 2000)],
    ['mails sent after the load', `${mailsPerSecond.toFixed(0)}/s`, '', ''],
  ];
}

function memoryLine(megabytes: number | undefined): string[] {
  const shown = megabytes === undefined ? 'unknown' : `${megabytes.toFixed(0)} MB`;
  return ['resident memory at the end', shown, 'aim < 200 MB', megabytes ? met(megabytes < 200) : ''];
}

function met(isMet: boolean): string {
  return isMet ? 'met' : 'MISSED';
}

/** The first column to the left, numbers to the right. */
function aligned(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}
