import {
  audiences,
  bases,
  channels,
  type Denial,
  type Duty,
  type Policy,
  type Row,
  type RuleBasis,
  rulesSchema,
} from './rule-table.ts';
import at from './rules/at.json' with { type: 'json' };
import ch from './rules/ch.json' with { type: 'json' };
import de from './rules/de.json' with { type: 'json' };

/**
 * The contact tables of law.md 6.2: each row names the channels, audiences and bases that it covers, and its law. A table
 * in which a cell is missing or covered twice does not load.
 */
type Channel = (typeof channels)[number];
type Audience = (typeof audiences)[number];

export interface Rules {
  policy: Policy;
  denials: Record<Denial, { law: string[]; duties: Duty[] }>;
  cells: Record<Channel, Record<Audience, Record<RuleBasis, Row>>>;
}

/** Throws with every mistake in the table. */
export function parseRules(table: unknown): Rules {
  const { policy, denials: reasons, rows } = rulesSchema.parse(table);
  const cell = (channel: Channel, audience: Audience, basis: RuleBasis): Row => {
    const found = rows.filter(
      (row) => row.channel.includes(channel) && row.audience.includes(audience) && row.basis.includes(basis),
    );
    const [only] = found;
    if (!only || found.length > 1) {
      throw new Error(`${found.length} rows speak for ${channel}, ${audience}, ${basis}. It has to be one.`);
    }
    return only;
  };
  return {
    policy,
    denials: reasons,
    cells: record(channels, (channel) =>
      record(audiences, (audience) => record(bases, (basis) => cell(channel, audience, basis))),
    ),
  };
}

export const contactRules = { DE: parseRules(de), AT: parseRules(at), CH: parseRules(ch) };
export type RuleBook = typeof contactRules;

function record<K extends string, V>(keys: readonly K[], value: (key: K) => V): Record<K, V> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<K, V>;
}
