import type { Tx } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import { isOneOf } from '#db/key-lists.ts';
import type { ConfirmDelayTable, PermissionDayTable } from '#db/schema/figures.ts';
import { calendarDay } from '#src/i18n/dates.ts';
import { channelList } from '#src/sightings/channel-list.ts';
import { addFormDays, type FormDayKey, tallyFormDays } from '#src/sightings/form-days.ts';
import { openSources } from '#src/sightings/sources.ts';
import { tally } from '#src/sightings/tally.ts';
import { delayClass } from './delays.ts';
import { type PendingMark, removeMarks } from './pending-marks.ts';
import { granting, type UncountedEvent } from './uncounted-events.ts';

/** Adds these events and marks to the figures, and removes the marks. */
export async function countEvents(tx: Tx, events: UncountedEvent[], marks: PendingMark[]): Promise<void> {
  const sourceOf = await openSources(tx);
  const channelsOf = await requestedChannels(tx, events, marks);
  const days = tallyFormDays();
  const delays = tally<Omit<ConfirmDelayTable, 'confirmed'>, 'confirmed'>(['confirmed']);
  const permissions = tally<PermissionDayKey, Change>(changes);

  for (const { event, signup } of requestsIn(events)) {
    const source = await sourceOf(signup.formId, event.source);
    const key = { day: signup.day, form_id: signup.formId, source, channels: channelsOf(signup.id) };
    countRequest(days, key, event);
    if (!granting.includes(event.kind)) continue;
    const { channels: _, ...delay } = key;
    const minutes = (Date.parse(event.occurred_at) - Date.parse(signup.requestedAt)) / 60_000;
    delays.add({ ...delay, minutes: delayClass(minutes) }, 'confirmed');
  }
  for (const mark of marks) {
    if (!mark.form_id || !mark.requested_at || mark.test) continue;
    const source = await sourceOf(mark.form_id, mark.source);
    const day = calendarDay(new Date(mark.requested_at));
    days.add({ day, form_id: mark.form_id, source, channels: channelsOf(mark.signup_id) }, mark.step);
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

function countRequest(
  days: ReturnType<typeof tallyFormDays>,
  key: FormDayKey,
  { kind, origin, had_expired: hadExpired }: UncountedEvent,
): void {
  if (kind === 'requested') {
    // A request with the origin "confirmation" takes back a "that was not me".
    if (origin === 'confirmation') days.add(key, 'rejected', -1);
    else days.add(key, 'submitted');
  }
  if (kind === 'expired' && !hadExpired) days.add(key, 'expired');
  const isRefused = kind === 'refused';
  if (!isRefused && !granting.includes(kind)) return;
  // It had expired and was opened once more: only its final outcome counts.
  if (hadExpired) days.add(key, 'expired', -1);
  days.add(key, isRefused ? 'rejected' : 'confirmed');
}

/** A request has an event for each of its permissions and counts once. */
function requestsIn(events: UncountedEvent[]) {
  const keyOf = ({ signup_id, kind, occurred_at }: UncountedEvent) => `${signup_id} ${kind} ${occurred_at}`;
  const counted = new Set<string>();
  return events.flatMap((event) => {
    const { signup_id: id, form_id: formId, requested_at: requestedAt } = event;
    if (!id || !formId || !requestedAt || !event.leads || counted.has(keyOf(event))) return [];
    counted.add(keyOf(event));
    return [{ event, signup: { id, formId, requestedAt, day: calendarDay(new Date(requestedAt)) } }];
  });
}

/** `email,phone` by signup. */
async function requestedChannels(tx: Tx, events: UncountedEvent[], marks: PendingMark[]) {
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

/** What an event changes about a permission, as the fold of the ledger sees it. */
function changeOf(event: UncountedEvent): Change | undefined {
  const wasGranted = event.settled_by !== null && granting.includes(event.settled_by);
  if (granting.includes(event.kind)) return wasGranted ? undefined : 'granted';
  if (!wasGranted) return undefined;
  if (event.kind === 'withdrawn' || event.kind === 'objected') return 'withdrawn';
  if (event.signup_id) return undefined;
  if (event.kind === 'refused') return 'withdrawn';
  return event.kind === 'expired' ? 'expired' : undefined;
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
