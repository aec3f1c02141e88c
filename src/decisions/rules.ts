import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { isoOfLocal } from '#src/i18n/local-time.ts';
import {
  amendmentSchema,
  audiences,
  bases,
  channels,
  type Denial,
  type Duty,
  type Means,
  type Policy,
  type Row,
  type RuleBasis,
  rulesSchema,
} from './rule-table.ts';
import at from './rules/at.json' with { type: 'json' };
import atUntil2021 from './rules/at-until-2021-11-01.json' with { type: 'json' };
import ch from './rules/ch.json' with { type: 'json' };
import de from './rules/de.json' with { type: 'json' };
import deUntil2021 from './rules/de-until-2021-10-01.json' with { type: 'json' };
import deUntil2022 from './rules/de-until-2022-05-28.json' with { type: 'json' };
import eu from './rules/eu.json' with { type: 'json' };
import fr from './rules/fr.json' with { type: 'json' };
import frUntil2026 from './rules/fr-until-2026-08-11.json' with { type: 'json' };
import nl from './rules/nl.json' with { type: 'json' };
import nlUntil2026 from './rules/nl-until-2026-07-01.json' with { type: 'json' };

/**
 * The contact tables of law.md 6.2: each row names the channels, audiences and bases that it covers, and its law. A table
 * in which a cell is missing or covered twice does not load.
 */
type Channel = (typeof channels)[number];
type Audience = (typeof audiences)[number];
type Cells = Record<Audience, Record<RuleBasis, Row>>;

/** The law of a country in a period. */
export interface Rules {
  jurisdiction: string;
  /** The first day, and the first one of the next table. Null: open. */
  from: string | null;
  until: string | null;
  /** When that day begins in Berlin, Vienna, Bern, Paris and Amsterdam, in UTC. */
  endsAt: string | null;
  /** Its first day and the beginning of its SHA-256, so that a corrected table has another version. */
  version: string;
  policy: Policy;
  denials: Record<Denial, { law: string[]; duties: Duty[] }>;
  cells: Record<Channel, Cells>;
  automaticCalls: Cells;
}

/** Throws with every mistake in the table. */
export function parseRules(table: unknown): Rules {
  const { jurisdiction, from, until, marks, policy, denials, rows } = rulesSchema.parse(table);
  const cellsOf = (channel: Channel, means: Row['means']) =>
    record(audiences, (audience) =>
      record(bases, (basis) => onlyRow(rows, { channel, means, audience, basis })),
    );
  const unmarked = citationsIn(denials, rows).filter((citation) => !marks[citation]);
  if (unmarked.length > 0) throw new Error(`The table does not mark ${unmarked.join(', ')}.`);
  const hash = createHash('sha256').update(JSON.stringify(table)).digest('hex').slice(0, 8);
  return {
    ...{ jurisdiction, from, until, policy, denials },
    endsAt: until === null ? null : (isoOfLocal(`${until}T00:00`) ?? null),
    version: `${jurisdiction.toLowerCase()}@${from ?? 'start'}.${hash}`,
    cells: record(channels, (channel) => cellsOf(channel, 'person')),
    automaticCalls: cellsOf('phone', 'automatic'),
  };
}

/** The table that another one describes by its differences. Throws with every mistake in them. */
export function amended(base: unknown, amendment: unknown): unknown {
  const whole = rulesSchema.parse(base);
  const { citations, rows, basedOn: _, ...validity } = amendmentSchema.parse(amendment);
  const cited = (law: string[]) => law.map((one) => citations[one] ?? one);
  const replaced = (row: Row) => ({ ...row, law: cited(row.law), unprovenLaw: cited(row.unprovenLaw) });
  const amends = (cell: Cell) => rows.some((row) => covers(row, cell));
  const denials = Object.fromEntries(
    Object.entries(whole.denials).map(([denial, { law, duties }]) => [denial, { law: cited(law), duties }]),
  );
  return {
    ...validity,
    marks: { ...whole.marks, ...validity.marks },
    policy: whole.policy,
    denials,
    rows: [
      ...rows.map(replaced),
      ...whole.rows.flatMap((row) =>
        cellsIn(row)
          .filter((cell) => !amends(cell))
          .map((cell) => ({
            ...replaced(row),
            channel: [cell.channel],
            audience: [cell.audience],
            basis: [cell.basis],
          })),
      ),
    ],
  };
}

/** Each country's tables, in the order of their days. */
export type RuleBook = Readonly<Record<string, readonly Rules[]>>;

/** Throws when the periods of a country overlap or leave a day out. */
export function ruleBook(tables: Rules[]): RuleBook {
  const book: Record<string, Rules[]> = {};
  const byDay = tables.toSorted((one, other) => ((one.from ?? '') < (other.from ?? '') ? -1 : 1));
  for (const rules of byDay) {
    const earlier = book[rules.jurisdiction] ?? [];
    const start = earlier.at(-1)?.until ?? null;
    if (rules.from !== start || (earlier.length > 0 && start === null)) {
      throw new Error(
        `The rules of ${rules.jurisdiction} from ${rules.from} do not follow those until ${start}.`,
      );
    }
    book[rules.jurisdiction] = [...earlier, rules];
  }
  for (const [country, all] of Object.entries(book)) {
    if (all.at(-1)?.until !== null) throw new Error(`There are no rules of ${country} for now.`);
  }
  return book;
}

/** The law of a country at a moment. A country without tables of its own has those of the EU: the strictest. */
export function rulesAt(book: RuleBook, jurisdiction: string, at: string): Rules {
  const all = book[jurisdiction] ?? book.EU ?? [];
  const rules = all.find(({ endsAt }) => endsAt === null || at < endsAt);
  assert(rules, 'the last table of a country has no end');
  return rules;
}

/** The rows for a channel, by audience. Calls by a machine have rows of their own. */
export function cellsFor(rules: Rules, { channel, means }: { channel: Channel; means?: Means }): Cells {
  return means === 'automatic' && channel === 'phone' ? rules.automaticCalls : rules.cells[channel];
}

export const contactRules = ruleBook([
  parseRules(de),
  parseRules(amended(de, deUntil2022)),
  parseRules(amended(de, deUntil2021)),
  parseRules(at),
  parseRules(amended(at, atUntil2021)),
  parseRules(ch),
  parseRules(eu),
  parseRules(amended(eu, fr)),
  parseRules(amended(eu, frUntil2026)),
  parseRules(amended(eu, nl)),
  parseRules(amended(eu, nlUntil2026)),
]);

/** Countries with tables of their own. */
export const jurisdictions = Object.keys(contactRules).filter((country) => country !== 'EU');

/** What the operator may decide within the German rules as they are now. */
export const germanRules = rulesAt(contactRules, 'DE', '9999');

interface Cell {
  channel: Channel;
  means: Row['means'];
  audience: Audience;
  basis: RuleBasis;
}

function covers(row: Row, { channel, means, audience, basis }: Cell): boolean {
  return (
    row.means === means &&
    row.channel.includes(channel) &&
    row.audience.includes(audience) &&
    row.basis.includes(basis)
  );
}

function onlyRow(rows: Row[], cell: Cell): Row {
  const [only, ...more] = rows.filter((row) => covers(row, cell));
  if (only && more.length === 0) return only;
  const { channel, means, audience, basis } = cell;
  const name = [channel, ...(means === 'automatic' ? [means] : []), audience, basis].join(', ');
  throw new Error(`${only ? more.length + 1 : 0} rows speak for ${name}. It has to be one.`);
}

function cellsIn({ channel, means, audience, basis }: Row): Cell[] {
  return channel.flatMap((oneChannel) =>
    audience.flatMap((oneAudience) =>
      basis.map((oneBasis) => ({ channel: oneChannel, means, audience: oneAudience, basis: oneBasis })),
    ),
  );
}

function citationsIn(denials: Record<string, { law: string[] }>, rows: Row[]): string[] {
  const all = [
    ...Object.values(denials).flatMap(({ law }) => law),
    ...rows.flatMap(({ law, unprovenLaw }) => [...law, ...unprovenLaw]),
  ];
  return [...new Set(all)];
}

function record<K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>;
}
