import type { Logger } from 'pino';
import type { Db, Tx } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import type { FormPageTable } from '#db/schema/figures.ts';
import { calendarDay } from '#src/i18n/dates.ts';
import { addFormDays, type FormDayKey, passFiguresGate, type Step, tallyFormDays } from './form-days.ts';
import { otherName, pageName, sourceName } from './names.ts';
import { openSources } from './sources.ts';
import { type Tally, tally } from './tally.ts';

/**
 * Counts forms that were shown and links that were opened.
 *
 * These are GET requests, which must not write. They are counted in memory, and every few seconds the counts are added to
 * those in the database. Nothing is stored about the visitor.
 */
export interface Sightings {
  shown(form: SeenForm, source: string | null, page: string | null): void;
  submitted(form: SeenForm, page: string | null): void;
  /** Once for each signup while the process remembers it; `figures/` clamps the rest. */
  opened(signup: SeenSignup): void;
  /** Adds the counts to the figures. */
  flush(): Promise<void>;
}

export interface SeenForm {
  id: string;
  /** Sites that may show it. Of other sites only the origin is stored. */
  allowedOrigins: string[];
  /** While a form is tested nothing is counted. */
  switches: { testing: boolean };
}

export interface SeenSignup {
  id: string;
  formId: string | null;
  source: string | null;
  channels: string;
  requestedAt: string;
}

export function openSightings(app: {
  config: { baseUrl: string };
  db: Db;
  now: () => Date;
  log: Logger;
}): Sightings {
  let seen = emptyCounts();
  let flushing: Promise<void> = Promise.resolve();
  const openedIds = new Set<string>();

  function see(form: SeenForm, page: string | null, what: 'shown' | 'submitted'): void {
    const name = seen.pages.size < maxKeys ? pageNameFor(form, page, app.config.baseUrl) : otherName;
    seen.pages.add({ form_id: form.id, page: name }, what);
  }

  async function write(): Promise<void> {
    if (seen.days.size + seen.pages.size === 0) return;
    const taken = seen;
    seen = emptyCounts();
    try {
      await app.db.transaction().execute((tx) => save(tx, taken, app.now().toISOString()));
    } catch (error) {
      // Kept for the next flush.
      for (const { form_id, page, ...counts } of taken.pages.rows())
        for (const what of seenOnPage) seen.pages.add({ form_id, page }, what, counts[what]);
      for (const row of taken.days.rows())
        for (const step of ['shown', 'opened'] as const) seen.days.add(keyOf(row), step, row[step]);
      app.log.warn({ reason: String(error) }, 'sightings.not_saved');
    }
  }

  return {
    shown(form, source, page) {
      if (form.switches.testing) return;
      const name = seen.days.size < maxKeys ? sourceName(source) : otherName;
      seen.days.add({ day: calendarDay(app.now()), form_id: form.id, source: name, channels: '' }, 'shown');
      see(form, page, 'shown');
    },
    submitted(form, page) {
      if (!form.switches.testing) see(form, page, 'submitted');
    },
    opened({ id, formId, source, channels, requestedAt }) {
      if (formId === null || openedIds.has(id)) return;
      openedIds.add(id);
      if (openedIds.size > maxRemembered) openedIds.delete(openedIds.values().next().value ?? '');
      const key = { day: calendarDay(new Date(requestedAt)), form_id: formId, channels };
      seen.days.add({ ...key, source: sourceName(source) }, 'opened');
    },
    flush() {
      flushing = flushing.then(write);
      return flushing;
    },
  };
}

/** Flushes every few seconds; `stop` flushes the rest. */
export function startFlushing(
  app: { sightings: Sightings; writesStopped?: string | undefined },
  everyMs = 3_000,
): { stop: () => Promise<void> } {
  const flush = async () => {
    if (!app.writesStopped) await app.sightings.flush();
  };
  const timer = setInterval(() => void flush(), everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return flush();
    },
  };
}

/** Anybody can request a form with any source and page, so the names counted separately in one round are limited. */
const maxKeys = 2_000;
const maxRemembered = 50_000;
/** For each form. */
const maxPages = 200;

const seenOnPage = ['shown', 'submitted'] as const;

interface Seen {
  days: Tally<FormDayKey, Step>;
  pages: Tally<Pick<FormPageTable, 'form_id' | 'page'>, (typeof seenOnPage)[number]>;
}

function emptyCounts(): Seen {
  return { days: tallyFormDays(), pages: tally(seenOnPage) };
}

function keyOf({ day, form_id, source, channels }: FormDayKey): FormDayKey {
  return { day, form_id, source, channels };
}

/** '' for the form's own page; only the origin of a site that may not show the form. */
function pageNameFor(form: SeenForm, page: string | null, baseUrl: string): string {
  if (!page || !URL.canParse(page)) return '';
  const { origin } = new URL(page);
  if (URL.canParse(baseUrl) && origin === new URL(baseUrl).origin) return '';
  return form.allowedOrigins.includes(origin) ? pageName(page) : origin;
}

async function save(tx: Tx, { days, pages }: Seen, now: string): Promise<void> {
  await passFiguresGate(tx);
  const nameSource = await openSources(tx);
  const named = tallyFormDays();
  for (const row of days.rows()) {
    const source = await nameSource(row.form_id, row.source);
    for (const step of ['shown', 'opened'] as const)
      if (row[step] > 0) named.add({ ...keyOf(row), source }, step, row[step]);
  }
  await addFormDays(tx, named.rows());
  for (const [formId, rows] of Map.groupBy(pages.rows(), (row) => row.form_id)) {
    const stored = await tx.selectFrom('form_pages').select('page').where('form_id', '=', formId).execute();
    const names = new Set(stored.map(({ page }) => page));
    const limited: Seen['pages'] = tally(seenOnPage);
    for (const row of rows) {
      const page = names.has(row.page) || names.size < maxPages ? row.page : otherName;
      names.add(page);
      for (const what of seenOnPage) limited.add({ form_id: formId, page }, what, row[what]);
    }
    await addPages(
      tx,
      limited.rows().map((row) => ({ ...row, first_seen_at: now, last_seen_at: now })),
    );
  }
}

const addPages = insertRows('form_pages', (insert) =>
  insert.onConflict((conflict) =>
    conflict.columns(['form_id', 'page']).doUpdateSet((eb) => ({
      shown: eb('form_pages.shown', '+', eb.ref('excluded.shown')),
      submitted: eb('form_pages.submitted', '+', eb.ref('excluded.submitted')),
      last_seen_at: eb.ref('excluded.last_seen_at'),
    })),
  ),
);
