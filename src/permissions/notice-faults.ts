import type { Db } from '#db/connect.ts';
import type { Capture } from './capture.ts';
import { type CaptureFault, findCapturedText, type ShownText, whenShown } from './capture-faults.ts';

const field = 'evidence/notice_text_version';

/**
 * § 7 Abs. 3 Nr. 4 UWG: the notice about the right to object must be words that were in use when they were shown, and shown
 * when the address was collected. Nothing that comes later can mend that.
 */
export async function noticeFaults(db: Db, capture: Capture, now: string): Promise<CaptureFault[]> {
  const { basis, evidence } = capture;
  const { notice_text_version: ref, notice_shown_at: shownAt } = evidence;
  if (basis !== 'existing_customer' || typeof ref !== 'string' || typeof shownAt !== 'string') return [];
  const notice: ShownText | CaptureFault = ref.startsWith('notice/')
    ? await findNotice(db, capture, ref)
    : await findCapturedText(db, { ...capture, text_version: ref }, now);
  const faults: CaptureFault[] = [];
  if ('code' in notice) faults.push({ ...notice, field });
  else if (whenShown(shownAt, notice)) {
    const message = 'This notice was not in use when it was shown.';
    faults.push({ field: 'evidence/notice_shown_at', code: 'notice_not_live', message });
  }
  const collectedAt = evidence.sale_date ?? evidence.opened_at;
  if (typeof collectedAt === 'string' && dayAfter(collectedAt) < shownAt.slice(0, 10)) {
    const message = 'The notice has to be shown when the address is collected, not later.';
    faults.push({ field: 'evidence/notice_shown_at', code: 'after_collection', message });
  }
  return faults;
}

/** Clocks and zones may differ by a day. */
function dayAfter(time: string): string {
  return new Date(Date.parse(time.slice(0, 10)) + 86_400_000).toISOString().slice(0, 10);
}

/** A notice that legal wrote for the company of the purpose. */
async function findNotice(db: Db, { purpose }: Capture, ref: string): Promise<ShownText | CaptureFault> {
  const row = await db
    .selectFrom('customer_rules as rule')
    .innerJoin('purposes', 'purposes.controller_id', 'rule.controller_id')
    .select(['rule.approved_at', 'rule.retired_at'])
    .where('purposes.key', '=', purpose)
    .where('rule.kind', '=', 'notice')
    .where('rule.line', '=', ref)
    .where('rule.approved_at', 'is not', null)
    .orderBy('rule.approved_at')
    .executeTakeFirst();
  if (!row?.approved_at) return { field, code: 'unknown', message: 'There is no such notice.' };
  return { liveFrom: row.approved_at, retiredAt: row.retired_at };
}
