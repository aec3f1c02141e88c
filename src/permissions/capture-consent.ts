import type { Tx } from '#db/connect.ts';
import { lockKeys } from '#db/locks.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import type { App } from '#src/app/app.ts';
import { defaultLocale } from '#src/i18n/locales.ts';
import { parseAddress } from '#src/people/find-by-address.ts';
import type { Capture } from './capture.ts';
import { type CaptureBatch, emptyBatch, purposeIn, textIn } from './capture-batch.ts';
import { type CapturedText, type CaptureFault, faultsOf, untrueTimes } from './capture-faults.ts';
import { type CapturedBy, captureOwner } from './capture-owner.ts';
import { type CaptureResult, captured } from './capture-result.ts';
import { findPermission } from './checked-capture.ts';
import { grantCaptured } from './grant-captured.ts';
import { noticeFaults } from './notice-faults.ts';
import { requestCaptured } from './request-captured.ts';
import { isOpenElsewhere, weigh } from './weigh-evidence.ts';

/**
 * Records a permission given outside the web: on paper, in a call, or in another system.
 *
 * Only the owner of a mailbox can confirm it: a captured e-mail consent stays `pending` until they answer the
 * confirmation mail. Whether a captured permission may be used is decided later, by `decide`.
 */
export async function captureConsent(
  tx: Tx,
  app: App,
  capture: Capture,
  by: CapturedBy,
  batch = emptyBatch(),
): Promise<CaptureResult> {
  const at = app.now();
  const faults = faultsOf(capture, at.toISOString());
  const address = addressOf(app, capture, faults);
  const purposeId = await purposeOnChannel(tx, batch, capture, faults);
  const text = await textOf(tx, batch, capture, at.toISOString(), faults);
  faults.push(...untrueTimes(capture, text));
  if (purposeId) faults.push(...(await noticeFaults(tx, capture, at.toISOString())));
  if (faults.length > 0 || !address || !purposeId) return { outcome: 'refused', faults };
  // Without the lock, two concurrent first captures of one number would add two people.
  await lockKeys(tx, batch.owners.has(address.hash) ? [] : [address.hash]);
  const owner = await captureOwner(tx, app, batch, {
    capture,
    address,
    by,
    locale: text?.locale ?? defaultLocale,
  });
  const before = owner.person.isNew ? undefined : await findPermission(tx, owner.point.id, purposeId);
  const objection = objectionSince(before, capture);
  if (objection) return { outcome: 'refused', faults: [objection] };
  if (before && (await isDuplicate(tx, before, capture, text))) {
    return { ...captured(before, weigh(capture).missing, 'nothing'), unchanged: true };
  }
  const checked = { tx, app, at, capture, by, address, purposeId, text, owner, before };
  const asksByMail =
    capture.basis === 'consent' && capture.channel === 'email' && capture.method !== 'import';
  return asksByMail && text ? requestCaptured(checked, text) : grantCaptured(checked);
}

function addressOf(app: App, { contact_point, channel }: Capture, faults: CaptureFault[]) {
  const [address] = parseAddress(app.keys, contact_point, channel);
  const message = 'This is not a valid address for the channel.';
  if (!address) faults.push({ field: 'contact_point', code: 'invalid', message });
  return address;
}

async function purposeOnChannel(
  tx: Tx,
  batch: CaptureBatch,
  { purpose, channel }: Capture,
  faults: CaptureFault[],
): Promise<string | undefined> {
  const rows = await purposeIn(batch, tx, purpose);
  if (rows.length === 0) {
    faults.push({ field: 'purpose', code: 'unknown', message: 'There is no such purpose.' });
  } else if (!rows.some((row) => row.channel === channel)) {
    faults.push({
      field: 'channel',
      code: 'not_of_this_purpose',
      message: 'The purpose does not have this channel.',
    });
  }
  return rows[0]?.id;
}

async function textOf(
  tx: Tx,
  batch: CaptureBatch,
  capture: Capture,
  now: string,
  faults: CaptureFault[],
): Promise<CapturedText | undefined> {
  if (capture.text_version === undefined) return undefined;
  const text = await textIn(batch, tx, capture, now);
  if ('id' in text) return text;
  // A fault of purpose or channel is reported already.
  if (!faults.some(({ field }) => field === 'channel' || field === 'purpose')) faults.push(text);
  return undefined;
}

/**
 * An objection that is newer than this consent wins, whenever the consent is captured. Without a consent of the person
 * (another basis, or only a claim of another system) any objection wins, however old: only the person can take it back
 * (§ 7 Abs. 3 Nr. 3 UWG, Art. 21 GDPR).
 */
function objectionSince(
  before: PermissionTable | undefined,
  { captured_at, basis, method }: Capture,
): CaptureFault | undefined {
  if (before?.settled_state !== 'withdrawn' && before?.settled_state !== 'refused') return undefined;
  const field = 'captured_at';
  if (before.since >= captured_at || basis !== 'consent') {
    return { field, code: 'withdrawn_since', message: 'The person has said no since then.' };
  }
  if (method !== 'import') return undefined;
  const message = 'The person has said no. Only they can say yes again.';
  return { field, code: 'withdrawn_before', message };
}

/** The same import line again, or an open request for a permission that is already pending or granted here. */
async function isDuplicate(
  tx: Tx,
  before: PermissionTable,
  capture: Capture,
  text: CapturedText | undefined,
): Promise<boolean> {
  if (capture.method !== 'import') return false;
  if (isOpenElsewhere(capture)) return before.state === 'granted' || before.state === 'pending';
  const ground = await tx
    .selectFrom('grounds')
    .innerJoin('events', 'events.id', 'grounds.event_id')
    .select('grounds.event_id')
    .where('grounds.permission_id', '=', before.id)
    .where('grounds.method', '=', 'import')
    .where('grounds.occurred_at', '=', capture.captured_at)
    .where('grounds.missing_evidence', '=', JSON.stringify(weigh(capture).missing))
    .where('grounds.corrected_at', 'is', null)
    .where('events.text_version_id', 'is not distinct from', text?.id ?? null)
    .where('events.evidence_grade', '=', weigh(capture).grade ?? 'D')
    .executeTakeFirst();
  return ground !== undefined;
}
