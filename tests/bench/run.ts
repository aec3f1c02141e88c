/**
 * `npm run bench [-- PART … | --publish] [--json]`: how fast Jawort is on this machine, each figure beside its aim and, where
 * there is one, beside the bare limit of the same work without our code, measured in turn in the same run.
 *
 * Loopback only, bounded in count and time, and everything that it starts it ends.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { decisions } from './decisions/measure.ts';
import { evidence } from './evidence/measure.ts';
import { figures } from './figures.ts';
import { pages } from './pages/measure.ts';
import type { Part, PartReport } from './part.ts';
import { figuresPage, machineKind } from './publish.ts';
import { printed } from './table.ts';
import { texts } from './texts.ts';

const parts: Record<string, Part> = { pages, texts, decisions, figures, evidence };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, publish: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}. The parts are ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
if (values.publish && positionals.length > 0) {
  console.error('--publish writes the whole page of figures, so it measures every part.');
  process.exit(2);
}

const reports: Record<string, PartReport> = {};
for (const [name, part] of Object.entries(parts)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const report = await measured(part);
  reports[name] = report;
  if (!values.json) console.log(`${printed(part.title, report)}\n`);
}
if (values.json) console.log(JSON.stringify(reports, undefined, 2));
if (values.publish) {
  const measuredParts = Object.entries(parts).flatMap(([name, { title }]) => {
    const report = reports[name];
    return report ? [{ title, report }] : [];
  });
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync('src/docs/figures.md', figuresPage({ date, machine: machineKind(), parts: measuredParts }));
}

async function measured(part: Part): Promise<PartReport> {
  const folder = mkdtempSync(join(tmpdir(), 'jawort-bench-'));
  try {
    return await part.measure(folder, (what) => process.stderr.write(`${what}\n`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
