import type { Db, Tx } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { ConfirmDelayTable, FigureMarkTable, PermissionDayTable } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { givePositions } from '#src/exchange/change-feed.ts';
import { calendarDay } from '#src/i18n/dates.ts';
import { yieldToRequests } from '#src/limits/yield-to-requests.ts';
import { channelList } from '#src/sightings/channel-list.ts';
import { addFormDays, passFiguresGate, tallyFormDays } from '#src/sightings/form-days.ts';
import { openSources } from '#src/sightings/sources.ts';
import { tally } from '#src/sightings/tally.ts';
import { delayClass } from './delays.ts';
import { giving, type ToldEvent, toldEvents } from './told-events.ts';

/**
 * Adds to the figures what the ledger has told since the last time, and what waits in `figure_marks`.
 *
 * The ledger is append-only and its feed has no gaps, so counting follows it from outside: nobody who signs up,
 * confirms or withdraws writes a row more for it. A request may be counted only while its signup is there, which
 * is for days; a job comes round every minute, and whoever looks at the figures calls this first.
 */
export async function settleFigures({ db }: Pick<App, 'db'>, atOnce = 2_000): Promise<{ counted: number }> {
  let counted = 0;
  for await (const round of rounds(db, atOnce)) counted += round;
  return { counted };
}

/**
 * The same for nobody who waits: in small portions, each of which holds the writer for a few milliseconds, and people go
 * first. What it leaves after a while is for the next time.
 */
export async function settleFiguresGently(
  { db }: Pick<App, 'db'>,
  atOnce = 250,
): Promise<{ counted: number }> {
  const endsAt = performance.now() + longestMillis;
  let counted = 0;
  for await (const round of rounds(db, atOnce)) {
    counted += round;
    if (performance.now() > endsAt) break;
    await yieldToRequests(25);
  }
  return { counted };
}

const longestMillis = 20_000;

/** How many each round counted, until nothing is left. */
async function* rounds(db: Db, atOnce: number): AsyncGenerator<number> {
  for (;;) {
    const given = await givePositions(db, atOnce);
    const counted = await settleSome(db, atOnce);
    yield counted;
    if (given === 0 && counted < atOnce) return;
  }
}

async function settleSome(db: Db, atOnce: number): Promise<number> {
  if (!(await isBehind(db))) return 0;
  return db.transaction().execute(async (tx) => {
    await passFiguresGate(tx);
    const { position } = await tx.selectFrom('figure_progress').select('position').executeTakeFirstOrThrow();
    const events = await toldEvents(tx, position, atOnce);
    const marks = await waitingMarks(tx, atOnce);
    await count(tx, events, marks);
    const last = events.at(-1)?.position;
    if (last !== undefined) await tx.updateTable('figure_progress').set({ position: last }).execute();
    return Math.max(events.length, marks.length);
  });
}

/** Asked before a transaction is begun, for most often there is nothing. */
async function isBehind(db: Db): Promise<boolean> {
  const row = await db
    .selectNoFrom((eb) => [
      eb
        .selectFrom('ledger_positions')
        .select((of) => of.fn.max('position').as('last'))
        .as('last'),
      eb.selectFrom('figure_progress').select('position').as('position'),
      eb.selectFrom('figure_marks').select('signup_id').limit(1).as('mark'),
    ])
    .executeTakeFirstOrThrow();
  return row.mark !== null || Number(row.last ?? 0) > Number(row.position ?? 0);
}

async function waitingMarks(tx: Tx, limit: number) {
  return tx
    .selectFrom('figure_marks')
    .leftJoin('signups', 'signups.id', 'figure_marks.signup_id')
    .select(['figure_marks.signup_id', 'figure_marks.step'])
    .select(['signups.form_id', 'signups.source', 'signups.requested_at', 'signups.test'])
    .orderBy('figure_marks.signup_id')
    .orderBy('figure_marks.step')
    .limit(limit)
    .execute();
}

type Mark = Awaited<ReturnType<typeof waitingMarks>>[number];

async function count(tx: Tx, events: ToldEvent[], marks: Mark[]): Promise<void> {
  const sourceOf = await openSources(tx);
  const channelsOf = await channelsAsked(tx, events, marks);
  const days = tallyFormDays();
  const delays = tally<Omit<ConfirmDelayTable, 'confirmed'>, 'confirmed'>(['confirmed']);
  const permissions = tally<PermissionDayKey, Change>(changes);

  for (const { event, signup } of oncePerRequest(events)) {
    const source = await sourceOf(signup.formId, event.source);
    const key = { day: signup.day, form_id: signup.formId, source, channels: channelsOf(signup.id) };
    if (event.kind === 'requested') {
      // Asked for by the answer to its own mail: "that was not me" was taken back.
      if (event.origin === 'confirmation') days.add(key, 'rejected', -1);
      else days.add(key, 'submitted');
    }
    if (event.kind === 'expired' && !event.had_expired) days.add(key, 'expired');
    if (event.kind !== 'refused' && !giving.includes(event.kind)) continue;
    // It had run out and was asked for once more: what it came to in the end is what counts.
    if (event.had_expired) days.add(key, 'expired', -1);
    if (event.kind === 'refused') days.add(key, 'rejected');
    else {
      days.add(key, 'confirmed');
      const { channels: _, ...delay } = key;
      const minutes = (Date.parse(event.occurred_at) - Date.parse(signup.requestedAt)) / 60_000;
      delays.add({ ...delay, minutes: delayClass(minutes) }, 'confirmed');
    }
  }
  for (const mark of marks) {
    if (!mark.form_id || !mark.requested_at || mark.test) continue;
    const source = await sourceOf(mark.form_id, mark.source);
    const day = calendarDay(new Date(mark.requested_at));
    const key = { day, form_id: mark.form_id, source, channels: channelsOf(mark.signup_id) };
    days.add(key, mark.step);
  }
  for (const event of events) {
    const change = changeOf(event);
    if (!change) continue;
    const formId = (change === 'granted' ? event.form_id : event.given_form_id) ?? '';
    const source = await sourceOf(formId, change === 'granted' ? event.source : event.given_source);
    const { purpose_id, channel } = event;
    const day = calendarDay(new Date(event.occurred_at));
    permissions.add({ day, form_id: formId, source: formId && source, purpose_id, channel }, change);
  }

  await addFormDays(tx, days.rows());
  await addDelays(tx, delays.rows());
  await addPermissionDays(tx, permissions.rows());
  await removeMarks(tx, marks);
}

/** An act tells one event for each permission; the request behind it counts once. */
function oncePerRequest(events: ToldEvent[]) {
  const keyOf = ({ signup_id, kind, occurred_at }: ToldEvent) => `${signup_id} ${kind} ${occurred_at}`;
  const told = new Set<string>();
  return events.flatMap((event) => {
    const { signup_id: id, form_id: formId, requested_at: requestedAt } = event;
    if (!id || !formId || !requestedAt || !event.leads || told.has(keyOf(event))) return [];
    told.add(keyOf(event));
    return [{ event, signup: { id, formId, requestedAt, day: calendarDay(new Date(requestedAt)) } }];
  });
}

/** `email,phone` by signup. */
async function channelsAsked(tx: Tx, events: ToldEvent[], marks: Mark[]) {
  const ids = new Set([...events, ...marks].flatMap(({ signup_id }) => signup_id ?? []));
  const items = await tx
    .selectFrom('signup_items')
    .select(['signup_id', 'channel'])
    .distinct()
    .where(isOneOf(tx, 'signup_id', [...ids]))
    .execute();
  const bySignup = Map.groupBy(items, (item) => item.signup_id);
  return (signupId: string) => channelList((bySignup.get(signupId) ?? []).map(({ channel }) => channel));
}

type PermissionDayKey = Omit<PermissionDayTable, Change>;
type Change = (typeof changes)[number];
const changes = ['granted', 'withdrawn', 'expired'] as const;

/** What an event changed about what may be done. The same fold as the ledger's, seen from one step to the next. */
function changeOf(event: ToldEvent): Change | undefined {
  const stood = event.settled_by !== null && giving.includes(event.settled_by);
  if (giving.includes(event.kind)) return stood ? undefined : 'granted';
  if (!stood) return undefined;
  if (event.kind === 'withdrawn' || event.kind === 'objected') return 'withdrawn';
  if (event.signup_id) return undefined;
  if (event.kind === 'refused') return 'withdrawn';
  return event.kind === 'expired' ? 'expired' : undefined;
}

async function removeMarks(tx: Tx, marks: Mark[]): Promise<void> {
  for (const [step, alike] of Map.groupBy(marks, (mark) => mark.step)) {
    await tx
      .deleteFrom('figure_marks')
      .where('step', '=', step satisfies FigureMarkTable['step'])
      .where(
        isOneOf(
          tx,
          'signup_id',
          alike.map(({ signup_id }) => signup_id),
        ),
      )
      .execute();
  }
}

const addDelays = insertRows('confirm_delays', (insert) =>
  insert.onConflict((conflict) =>
    conflict.columns(['day', 'form_id', 'source', 'minutes']).doUpdateSet((eb) => ({
      confirmed: eb('confirm_delays.confirmed', '+', eb.ref('excluded.confirmed')),
    })),
  ),
);

const addPermissionDays = insertRows('permission_days', (insert) =>
  insert.onConflict((conflict) =>
    conflict
      .columns(['day', 'form_id', 'source', 'purpose_id', 'channel'])
      .doUpdateSet((eb) =>
        Object.fromEntries(
          changes.map((change) => [
            change,
            eb(`permission_days.${change}`, '+', eb.ref(`excluded.${change}`)),
          ]),
        ),
      ),
  ),
);
