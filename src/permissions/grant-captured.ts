import type { Tx } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import type { ContactPointTable } from '#db/schema/people.ts';
import type { PermissionTable } from '#db/schema/permissions.ts';
import { permissionEnd } from '#src/consent-texts/promised-end.ts';
import { type EvidenceContent, recordEvidence } from '#src/evidence/record-evidence.ts';
import { appendTo } from '#src/ledger/append.ts';
import type { Capture } from './capture.ts';
import { type CaptureResult, captured } from './capture-result.ts';
import { type CheckedCapture, capturedFields } from './checked-capture.ts';
import { attachExistingFile } from './evidence-files.ts';
import { type NotifiedBy, notifyPerson } from './notify-person.ts';
import { claimedAt, weigh } from './weigh-evidence.ts';

/** Records a permission that needs no confirmation by mail, with its evidence, and notifies the person. */
export async function grantCaptured(checked: CheckedCapture): Promise<CaptureResult> {
  const { tx, at, capture, by, purposeId, text, owner, before } = checked;
  const now = at.toISOString();
  const weight = weigh(capture);
  const evidence = await recordEvidence(tx, owner.person, evidenceOf(checked));
  // The clock of the capturing system may run ahead: nothing happens later than now.
  const occurredAt = [capture.captured_at, now].sort()[0] ?? now;
  const fact = {
    kind: capture.method === 'import' ? ('imported' as const) : ('granted' as const),
    contact_point_id: owner.point.id,
    purpose_id: purposeId,
    channel: capture.channel,
    basis: capture.basis,
    text_version_id: text?.id ?? null,
    form_version_id: null,
    signup_id: null,
    origin: by.origin,
    actor: by.actor,
    evidence_grade: weight.grade,
    channel_verified: weight.verified ? 1 : 0,
    valid_until: text ? permissionEnd(text.wording, text.locale, occurredAt) : null,
    occurred_at: occurredAt,
  };
  await storeClaim(tx, owner.point, capture);
  const [after] = await appendTo(tx, now, [fact], evidence, before ? [before] : []);
  await insertGround(checked, after, occurredAt);
  return captured(after, weight.missing, await notify(checked, after));
}

function evidenceOf({ at, capture, address, text, owner }: CheckedCapture): EvidenceContent {
  return {
    act: 'capture',
    at: at.toISOString(),
    locale: text?.locale ?? owner.locale,
    consents: text
      ? [
          {
            value: `${capture.purpose}:${capture.channel}`,
            text_version: text.ref,
            wording: text.wording,
            sha256: text.sha256,
            contact_point: address.sendable,
          },
        ]
      : [],
    typed: capturedFields(capture),
    action: 'capture',
  };
}

async function storeClaim(tx: Tx, point: ContactPointTable, capture: Capture): Promise<void> {
  const claimed_at = claimedAt(capture);
  if (claimed_at === null || point.claimed_at !== null) return;
  await tx.updateTable('contact_points').set({ claimed_at }).where('id', '=', point.id).execute();
}

async function insertGround(
  { tx, app, at, capture, owner }: CheckedCapture,
  permission: PermissionTable | undefined,
  occurredAt: string,
): Promise<void> {
  const now = at.toISOString();
  const weight = weigh(capture);
  const file = fileNamedIn(capture);
  const fileHere = file !== null && (await attachExistingFile(tx, app, now, owner, file));
  await insertGrounds(tx, [
    {
      event_id: permission?.last_event_id ?? '',
      permission_id: permission?.id ?? '',
      basis: capture.basis,
      method: capture.method ?? null,
      occurred_at: occurredAt,
      record: JSON.stringify(recordOf(capture)),
      missing_evidence: JSON.stringify(weight.missing),
      missing_7a: JSON.stringify(weight.missing7a),
      audience: capture.audience,
      file_sha256: file,
      file_at: fileHere ? now : null,
      weighed: 1,
    },
  ]);
}

const insertGrounds = insertRows('grounds');

/** The fields that decisions read later. */
function recordOf({ evidence, method }: Capture) {
  return {
    saleAt: evidence.sale_date,
    accountAt: evidence.opened_at,
    productLine: evidence.product_line,
    reasonCode: evidence.reason_code,
    subject: evidence.subject_of_call,
    ...(method === 'import' && { source: evidence.source }),
  };
}

/** The SHA-256 of the scan or recording that the evidence names. */
function fileNamedIn({ evidence }: Capture): string | null {
  const named = evidence.scan_sha256 ?? evidence.recording_sha256;
  return typeof named === 'string' ? named.toLowerCase() : null;
}

async function notify(
  { tx, at, capture, owner, before }: CheckedCapture,
  after: PermissionTable | undefined,
): Promise<NotifiedBy> {
  const { purpose, channel, basis, method } = capture;
  const change = { purpose, channel, from: before?.state ?? 'none', to: after?.state ?? 'granted' } as const;
  return notifyPerson(
    tx,
    at.toISOString(),
    {
      ...owner,
      knownMailbox: basis === 'existing_customer' ? owner.point.id : undefined,
      onPaper: method !== 'import',
      byMail: basis !== 'presumed',
      seenHere: method === 'import',
    },
    [change],
  );
}
