import { type Figures, figuresOf } from '../latencies.ts';
import type { Measured } from '../load.ts';
import { aimed, type Figure, type PartReport } from '../part.ts';

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

export interface PagesMeasured {
  cells: Cell[];
  /** Bytes of the form and its style sheets, compressed. */
  formBytes: number;
  /** Of the server at the end. */
  residentMegabytes: number | undefined;
  /** Of each start on the database that the run has filled. */
  readyMillis: number[];
  /** How fast the mails that were still to be sent when the load ended went out. */
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

export function pagesReport(measured: PagesMeasured): PartReport {
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
  const rows = measured.cells.map(({ act, connections, ours, bare, ofBare, p99Times }) => [
    act,
    String(connections),
    ...numbers(ours),
    ...numbers(bare),
    `${Math.round(ofBare * 100)} %`,
    p99Times.toFixed(1),
  ]);
  return { tables: [[heading, ...rows]], figures: figures(measured) };
}

function numbers({ perSecond, p50, p99 }: Figures): string[] {
  return [perSecond.toFixed(0), p50.toFixed(2), p99.toFixed(2)];
}

function figures({
  cells,
  formBytes,
  residentMegabytes,
  readyMillis,
  mailsPerSecond,
}: PagesMeasured): Figure[] {
  const hot = cells.filter(({ act }) => act === 'signup POST' || act === 'confirmation POST');
  const least = Math.min(...hot.map(({ ofBare }) => ofBare));
  const most = Math.max(
    ...hot.filter(({ connections }) => connections === 16).map(({ p99Times }) => p99Times),
  );
  const ready = readyMillis.toSorted((a, b) => a - b)[Math.floor(readyMillis.length / 2)] ?? Number.NaN;
  const kilobytes = (formBytes / 1000).toFixed(1);
  return [
    aimed(
      'signup and confirmation, at least',
      `${Math.round(least * 100)} % of bare`,
      '≥ 50 %',
      least >= 0.5,
    ),
    aimed('their p99 at 16 connections', `${most.toFixed(1)} × bare`, '≤ 5 ×', most <= 5),
    aimed('form page and style, compressed', `${kilobytes} kB`, '< 15 kB', formBytes < 15_000),
    memory(residentMegabytes),
    aimed('ready on an existing database', `${(ready / 1000).toFixed(2)} s`, '< 2 s', ready < 2000),
    { what: 'mails sent after the load', measured: `${mailsPerSecond.toFixed(0)}/s` },
  ];
}

function memory(megabytes: number | undefined): Figure {
  const what = 'resident memory at the end';
  if (megabytes === undefined) return { what, measured: 'unknown', aim: '< 200 MB' };
  return aimed(what, `${megabytes.toFixed(0)} MB`, '< 200 MB', megabytes < 200);
}
