import type { Db } from '#db/connect.ts';
import type { FormKioskTable } from '#db/schema/kiosks.ts';
import type { App } from '#src/app/app.ts';
import { calendarDay, isDay } from '#src/i18n/dates.ts';
import { newId } from '#src/ids/new-id.ts';
import { readKioskPass } from '#src/links/kiosk-link.ts';
import { unreadableFault } from '#src/people/hidden-characters.ts';
import type { Actor } from '#src/staff/actor.ts';
import { type ManageFormResult, manageForm } from './manage-form.ts';
import { maxSourceLength } from './short-links.ts';

/** Longer than any fair. */
export const maxKioskDays = 14;

/** Input for a kiosk: a device at a fair stand. */
export interface KioskEntry {
  /** The capture source of its signups. */
  source: string;
  /** `2026-11-25`; both days are included. */
  from: string;
  to: string;
}

export type KioskFault = {
  field: keyof KioskEntry;
  code: 'source' | 'no_day' | 'over' | 'before' | 'too_long';
};

export type AddKioskResult = ManageFormResult | { outcome: 'faulty'; faults: KioskFault[] };

/**
 * Many people sign up on one kiosk, from one network. Its pass gives it a network limit of its own on the chosen days.
 * All other limits apply, especially those per mailbox, so a visitor who copies the pass gains little, and nothing
 * after staff have ended it.
 */
export async function addKiosk(
  app: App,
  actor: Actor,
  key: string,
  typed: KioskEntry,
): Promise<AddKioskResult> {
  const entry = { ...typed, source: typed.source.trim().replace(/\s+/g, ' ') };
  const faults = kioskFaults(entry, calendarDay(app.now()));
  if (faults.length > 0) return { outcome: 'faulty', faults };
  return manageForm(app, actor, key, 'form.kiosk', async (tx, form, at) => {
    const { source, from, to } = entry;
    const row = { id: newId(), form_id: form.id, source, from_day: from, to_day: to, created_at: at };
    await tx
      .insertInto('form_kiosks')
      .values({ ...row, ended_at: null })
      .execute();
    return { source, from, to };
  });
}

/** Revokes the pass. The open page still works, with the normal limits. */
export async function endKiosk(app: App, actor: Actor, key: string, id: string): Promise<ManageFormResult> {
  return manageForm(app, actor, key, 'form.kiosk_ended', async (tx, form, at) => {
    const ended = await tx
      .updateTable('form_kiosks')
      .set({ ended_at: at })
      .where('id', '=', id)
      .where('form_id', '=', form.id)
      .where('ended_at', 'is', null)
      .returning('source')
      .execute();
    return Object.assign({}, ...ended);
  });
}

export type KioskState = 'waiting' | 'open' | 'over' | 'ended';

export function kioskState(
  { from_day, to_day, ended_at }: Pick<FormKioskTable, 'from_day' | 'to_day' | 'ended_at'>,
  now: Date,
): KioskState {
  const today = calendarDay(now);
  if (ended_at !== null) return 'ended';
  if (today < from_day) return 'waiting';
  return today > to_day ? 'over' : 'open';
}

/** Open and upcoming kiosks first, newest at the top. */
export async function kiosksOf(
  { db, now }: Pick<App, 'db' | 'now'>,
  key: string,
): Promise<(FormKioskTable & { state: KioskState })[]> {
  const rows = await db
    .selectFrom('form_kiosks')
    .innerJoin('forms', 'forms.id', 'form_kiosks.form_id')
    .selectAll('form_kiosks')
    .where('forms.key', '=', key)
    .orderBy('form_kiosks.id', 'desc')
    .limit(mostShown)
    .execute();
  const kiosks = rows.map((row) => ({ ...row, state: kioskState(row, now()) }));
  const isOfUse = ({ state }: { state: KioskState }) => state === 'open' || state === 'waiting';
  return [...kiosks.filter(isOfUse), ...kiosks.filter((kiosk) => !isOfUse(kiosk))];
}

/** The id of the kiosk with this pass, if it is open for this form today. */
export async function openKiosk(app: App, formId: string, pass: string): Promise<string | undefined> {
  const id = readKioskPass(app.keys, pass);
  const kiosk = id && (await findKiosk(app.db, id, formId));
  return kiosk && kioskState(kiosk, app.now()) === 'open' ? kiosk.id : undefined;
}

const mostShown = 100;

function findKiosk(db: Db, id: string, formId: string): Promise<FormKioskTable | undefined> {
  return db
    .selectFrom('form_kiosks')
    .selectAll()
    .where('id', '=', id)
    .where('form_id', '=', formId)
    .executeTakeFirst();
}

function kioskFaults({ source, from, to }: KioskEntry, today: string): KioskFault[] {
  const isUsable = source !== '' && [...source].length <= maxSourceLength && !unreadableFault(source);
  return [
    ...(isUsable ? [] : [{ field: 'source', code: 'source' } as const]),
    ...(isDay(from) ? [] : [{ field: 'from', code: 'no_day' } as const]),
    ...(isDay(to) ? dayFaults(from, to, today) : [{ field: 'to', code: 'no_day' } as const]),
  ];
}

function dayFaults(from: string, to: string, today: string): KioskFault[] {
  if (to < today) return [{ field: 'to', code: 'over' }];
  if (!isDay(from)) return [];
  if (to < from) return [{ field: 'to', code: 'before' }];
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
  return days > maxKioskDays ? [{ field: 'to', code: 'too_long' }] : [];
}
