import { cpus, totalmem } from 'node:os';
import type { Figure, PartReport } from './part.ts';

interface Run {
  /** An ISO date. */
  date: string;
  machine: string;
  parts: { title: string; report: PartReport }[];
}

/** The kind of machine, without its name. */
export function machineKind(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, ${memory} GB, Node ${process.versions.node}`;
}

/** `src/docs/figures.md`: the only page of the documentation that holds measured figures. */
export function figuresPage({ date, machine, parts }: Run): string {
  return `---
title: Figures
description: How fast one instance was on one machine, each figure beside its aim.
group: project
order: 24
---

Written by \`npm run bench -- --publish\` on ${date}. Machine: ${machine}. The load and the server shared it. Aims that name a limit compare with a bare server that does the same work without our code, in the same run.
${parts.map(({ title, report }) => `\n## ${title}\n\n${tableOf(report.figures)}`).join('')}`;
}

function tableOf(figures: Figure[]): string {
  const rows = figures.map(({ what, measured, aim = '', met }) => [what, measured, aim, verdict(met)]);
  const lines = [['figure', 'measured', 'aim', 'result'], ['---', '---', '---', '---'], ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`)
    .join('');
}

function verdict(met: boolean | undefined): string {
  if (met === undefined) return '';
  return met ? 'met' : 'missed';
}
