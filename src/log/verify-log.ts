import type { Db } from '#db/connect.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { LogEntryTable } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { contactPointBodies } from './contact-point-entry.ts';
import { canonicalJson, type EntryBody, readNextBodies } from './entry-body.ts';
import { Frontier } from './frontier.ts';
import { leafHash } from './merkle-tree.ts';
import { type LogSource, logSources } from './sources.ts';

/** A head of the log that somebody kept outside of this machine. */
export interface OutsideHead {
  size: number;
  /** Hex. */
  root: string;
  origin: string;
}

export interface LogFinding {
  kind: 'entry' | 'gap' | 'root' | 'lost' | 'changed' | 'missing' | 'not_logged';
  table: string;
  id: string;
  /** The place in the log, where it has one. */
  index: number | null;
  /** The sizes of the checkpoints before and after it; null where there is none. */
  between: [number | null, number | null];
  /** One sentence. */
  message: string;
}

export interface LogReport {
  entries: number;
  outside: OutsideHead[];
  findings: LogFinding[];
}

/**
 * Compares the log with itself, with the heads that were kept outside, and with the tables that it speaks of. In pages,
 * so that a log of any size needs the same memory. It changes nothing.
 */
export async function verifyLog(
  { db, keys }: Pick<App, 'db' | 'keys'>,
  outside: OutsideHead[],
): Promise<LogReport> {
  const heads = await checkpointHeads(db);
  const sizes = [...new Set([...heads, ...outside].map(({ size }) => size))].sort((a, b) => a - b);
  const report: LogReport = { entries: 0, outside, findings: [] };
  const find = finderOf(report, sizes);
  report.entries = await verifyEntries(db, [...heads, ...outside], find);
  for (const source of logSources) {
    await verifyRows(db, source, find);
    await findMissingRows(db, source, find);
  }
  await verifyContactPoints({ db, keys }, find);
  return report;
}

type Find = (finding: Omit<LogFinding, 'between'>, between?: LogFinding['between']) => void;

function finderOf(report: LogReport, sizes: number[]): Find {
  return (finding, between) => {
    const { index } = finding;
    const around: LogFinding['between'] =
      index === null
        ? [sizes.at(-1) ?? null, null]
        : [sizes.findLast((size) => size <= index) ?? null, sizes.find((size) => size > index) ?? null];
    report.findings.push({ ...finding, between: between ?? around });
  };
}

interface Head {
  size: number;
  root: string;
  origin?: string;
}

async function checkpointHeads(db: Db): Promise<Head[]> {
  const rows = await db.selectFrom('log_checkpoints').select(['size', 'root']).orderBy('size').execute();
  return rows.map(({ size, root }) => ({ size: Number(size), root }));
}

const page = 1000;

/** Each entry against its leaf, and the tree of all leaves against each head. */
async function verifyEntries(db: Db, heads: Head[], find: Find): Promise<number> {
  const bySize = Map.groupBy(heads, ({ size }) => size);
  const tree = new Frontier();
  let fits = 0;
  for (let next = 0; ; ) {
    const rows = await entriesFrom(db, next);
    if (rows.length === 0) break;
    for (const row of rows) {
      const index = Number(row.idx);
      if (index !== next) {
        find({
          kind: 'gap',
          table: 'log_entries',
          id: String(next),
          index: next,
          message: `The entries ${next} to ${index - 1} of the log are missing.`,
        });
      }
      next = index + 1;
      const leaf = Buffer.from(leafHash(Buffer.from(row.body)));
      if (leaf.toString('hex') !== row.leaf) {
        find({
          kind: 'entry',
          table: 'log_entries',
          id: String(index),
          index,
          message: `Entry ${index} of the log does not fit its hash.`,
        });
      }
      tree.add(Buffer.from(row.leaf, 'hex'));
      for (const head of bySize.get(tree.size) ?? []) {
        if (head.root === Buffer.from(tree.root()).toString('hex')) fits = Math.max(fits, head.size);
        else find(otherRoot(head), [fits === 0 ? null : fits, head.size]);
      }
    }
  }
  for (const head of heads.filter(({ size }) => size > tree.size)) {
    find(lost(head, tree.size), [fits === 0 ? null : fits, head.size]);
  }
  return tree.size;
}

function entriesFrom(db: Db, idx: number) {
  return db
    .selectFrom('log_entries')
    .select(['idx', 'body', 'leaf'])
    .where('idx', '>=', idx)
    .orderBy('idx')
    .limit(page)
    .execute();
}

function otherRoot({ size, origin }: Head): Omit<LogFinding, 'between'> {
  const whose = origin === undefined ? 'the checkpoint' : 'the checkpoint from outside';
  return {
    kind: 'root',
    table: 'log_entries',
    id: String(size),
    index: null,
    message: `The first ${size} entries of the log are not those that ${whose} of this size was signed for.`,
  };
}

function lost({ size, origin }: Head, entries: number): Omit<LogFinding, 'between'> {
  const whose = origin === undefined ? 'A checkpoint' : 'A checkpoint from outside';
  return {
    kind: 'lost',
    table: 'log_entries',
    id: String(entries),
    index: entries,
    message: `${whose} names ${size} entries, the log has ${entries}: the entries ${entries} to ${size - 1} are lost.`,
  };
}

/** Each row against the newest entry about it. */
async function verifyRows(db: Db, source: LogSource, find: Find): Promise<void> {
  for (let after = ''; ; ) {
    const bodies = await readNextBodies(db, source, after, page);
    const refs = [...bodies.keys()];
    const last = refs.sort().at(-1);
    if (last === undefined) return;
    after = last;
    const entries = await newestEntries(db, source.kind, refs);
    const waiting = await queuedRefs(db, source.kind, refs);
    for (const [ref, body] of bodies) {
      const entry = entries.get(ref);
      if (waiting.has(ref) || (entry && sameFacts(entry.body, body, source))) continue;
      const about = { table: source.table, id: ref, index: entry ? Number(entry.idx) : null };
      if (entry)
        find({ ...about, kind: 'changed', message: `${nameOf(source, ref)} is not as it was logged.` });
      else if (isLogged(source, body)) {
        find({ ...about, kind: 'not_logged', message: `${nameOf(source, ref)} was never logged.` });
      }
    }
  }
}

async function newestEntries(db: Db, kind: string, refs: string[]) {
  const rows = await db
    .selectFrom('log_entries')
    .select(['idx', 'ref', 'body'])
    .where(isOneOf(db, 'ref', refs))
    .where('kind', '=', kind)
    .orderBy('idx')
    .execute();
  return new Map(rows.map((row) => [row.ref, row]));
}

async function queuedRefs(db: Db, kind: string, refs: string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('log_queue')
    .select('ref')
    .where(isOneOf(db, 'ref', refs))
    .where('kind', '=', kind)
    .execute();
  const waiting = new Set(rows.map(({ ref }) => ref));
  if (kind !== 'event') return waiting;
  const unplaced = await db
    .selectFrom('ledger_queue')
    .select('event_id')
    .where(isOneOf(db, 'event_id', refs))
    .execute();
  return new Set([...waiting, ...unplaced.map(({ event_id }) => event_id)]);
}

/** Rows that are logged only from a moment of their life on. */
function isLogged({ kind }: LogSource, body: EntryBody): boolean {
  if (kind === 'mail') return body.sent_at !== null;
  if (kind === 'letter') return body.printed_at !== null;
  if (kind === 'text_version') return body.approved_at !== null;
  if (kind === 'erasure') return body.erased_at !== null;
  if (kind === 'import') return body.released_at !== null;
  return true;
}

function sameFacts(logged: string, now: EntryBody, source: LogSource): boolean {
  const { logged_at: _, ...then } = JSON.parse(logged) as EntryBody;
  // What was encrypted is gone when its person is erased, and no one can tell any more what it said.
  for (const column of source.person ? (source.hashed ?? []) : []) {
    if (now[`${column}_sha256`] === null) then[`${column}_sha256`] = null;
  }
  return canonicalJson(then) === canonicalJson(now);
}

function nameOf({ table }: LogSource, ref: string): string {
  return `Row ${ref} of ${table}`;
}

/** Entries whose row is gone, though neither an erasure nor a purge has taken it. */
async function findMissingRows(db: Db, source: LogSource, find: Find): Promise<void> {
  const { table, key, kind } = source;
  let after = -1;
  for (;;) {
    const rows = await db
      .selectFrom('log_entries')
      .select(['idx', 'ref', 'body'])
      .where('kind', '=', kind)
      .where('idx', '>', after)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom(`${table} as row` as 'events as row')
              .select(eb.lit(1).as('one'))
              .whereRef(`row.${key}` as 'row.id', '=', 'log_entries.ref'),
          ),
        ),
      )
      .orderBy('idx')
      .limit(page)
      .execute();
    const last = rows.at(-1);
    if (!last) return;
    after = Number(last.idx);
    const explained = await explainedByPurge(db, rows);
    for (const { idx, ref } of rows.filter((row) => !explained.has(row.ref))) {
      find({
        kind: 'missing',
        table,
        id: ref,
        index: Number(idx),
        message: `${nameOf(source, ref)} was logged and is gone.`,
      });
    }
  }
}

/** Mails go with the signup or the person that they were for; files with their person. */
async function explainedByPurge(db: Db, rows: Pick<LogEntryTable, 'ref' | 'body'>[]): Promise<Set<string>> {
  const about = rows.map(({ ref, body }) => ({ ref, body: JSON.parse(body) as EntryBody }));
  const causes = about.flatMap(({ body }) => [body.person_id, body.signup_id]).filter((id) => id != null);
  const gone = await db
    .selectFrom('log_entries')
    .select('ref')
    .where(isOneOf(db, 'ref', causes.map(String)))
    .where('kind', 'in', ['erasure', 'purged_signup'])
    .execute();
  const known = new Set(gone.map(({ ref }) => ref));
  const isExplained = (body: EntryBody) =>
    body.gone === 1 || known.has(String(body.person_id)) || known.has(String(body.signup_id));
  return new Set(about.filter(({ body }) => isExplained(body)).map(({ ref }) => ref));
}

/** Whose address each is, and that it is still the same one. */
async function verifyContactPoints({ db, keys }: Pick<App, 'db' | 'keys'>, find: Find): Promise<void> {
  for (let after = -1; ; ) {
    const rows = await db
      .selectFrom('log_entries')
      .select(['idx', 'ref', 'body'])
      .where('kind', '=', 'contact_point')
      .where('idx', '>', after)
      .orderBy('idx')
      .limit(page)
      .execute();
    const last = rows.at(-1);
    if (!last) return;
    after = Number(last.idx);
    const now = await contactPointBodies(
      db,
      keys,
      rows.map(({ ref }) => ref),
    );
    for (const { idx, ref, body } of rows) {
      const row = now.get(ref);
      const about = { table: 'contact_points', id: ref, index: Number(idx) };
      if (!row)
        find({ ...about, kind: 'missing', message: `Row ${ref} of contact_points was logged and is gone.` });
      else if (!sameAddress(body, row)) {
        find({
          ...about,
          kind: 'changed',
          message: `Row ${ref} of contact_points is not the address that was logged.`,
        });
      }
    }
  }
}

function sameAddress(logged: string, now: EntryBody): boolean {
  const { logged_at: _, ...then } = JSON.parse(logged) as EntryBody;
  if (now.commitment === null) then.commitment = null;
  return canonicalJson(then) === canonicalJson(now);
}
