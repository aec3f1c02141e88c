import type { Channel } from '#db/schema/vocabulary.ts';
import type { App } from '#src/app/app.ts';
import { maskContactPoint } from '#src/people/normalise-contact-point.ts';
import { type Actor, requireAbility } from '#src/staff/actor.ts';
import { mayDo } from '#src/staff/roles.ts';
import { rowsOfPart } from './import-parts.ts';
import type { Import } from './imports.ts';
import { type LineOutcome, rowsAtOnce } from './try-rows.ts';

/** A row of the file with its outcome. */
export interface ReviewedRow {
  line: number;
  /** Masked unless the actor filed the import or may release it. */
  contactPoint: string;
  values: Record<string, string>;
  outcome: LineOutcome['outcome'];
  why: string;
}

export interface ReviewPage {
  page: number;
  pages: number;
  rows: ReviewedRow[];
}

/**
 * One page of the rows of a checked file; pages count from 1. `undefined` before the check, and after the file has landed
 * or was discarded.
 */
export async function reviewRows(
  app: App,
  actor: Actor,
  here: Import,
  page: number,
): Promise<ReviewPage | undefined> {
  requireAbility(actor, 'imports.read');
  if (here.state !== 'waiting') return undefined;
  const pages = Math.max(1, Math.ceil(here.rows / rowsAtOnce));
  const at = Math.min(Math.max(1, page), pages);
  const rows = await rowsOfPart(app, here, at - 1);
  if (!rows) return undefined;
  const [first, last] = [rows[0]?.line ?? 0, rows.at(-1)?.line ?? 0];
  const lines = await app.db
    .selectFrom('import_lines')
    .select(['line', 'outcome', 'why'])
    .where('import_id', '=', here.id)
    .where('line', '>=', first)
    .where('line', '<=', last)
    .execute();
  const byLine = new Map(lines.map((one) => [one.line, one]));
  const whole = mayDo(actor.role, 'imports.release') || here.filed_by === actor.id;
  return {
    page: at,
    pages,
    rows: rows.map(({ line, values: { contact_point = '', channel = '', ...values }, state, stateAt }) => ({
      line,
      contactPoint: whole ? contact_point : masked(channel, contact_point),
      values: {
        ...(channel && { channel }),
        ...shown(values, whole),
        ...(state && { state }),
        ...(stateAt && { state_at: stateAt }),
      },
      outcome: byLine.get(line)?.outcome ?? 'usable',
      why: byLine.get(line)?.why ?? '',
    })),
  };
}

function masked(channel: string, contactPoint: string): string {
  return contactPoint === '' ? '' : maskContactPoint((channel || 'post') as Channel, contactPoint);
}

/** Personal fields are shown only to the people who are responsible for the file. */
function shown(values: Record<string, string>, whole: boolean): Record<string, string> {
  if (whole) return values;
  return Object.fromEntries(Object.entries(values).filter(([name]) => judged.includes(name)));
}

const judged = [
  'purpose',
  'text_version',
  'captured_at',
  'captured_by',
  'confirmed_at',
  'source',
  'proof_ref',
];
