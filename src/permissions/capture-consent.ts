import type { Tx } from '#db/connect.ts';
import { insertRows } from '#db/insert-rows.ts';
import { lockKeys } from '#db/locks.ts';
import type { ContactPointTable, EvidenceGrade, PermissionState, PermissionTable } from '#db/schema.ts';
import type { App } from '#src/app/app.ts';
import { endOf } from '#src/consent-texts/promised-end.ts';
import { recordEvidence } from '#src/evidence/record-evidence.ts';
import { append, lockedPermissions } from '#src/ledger/append.ts';
import { type ReadAddress, readAddress } from '#src/people/find-by-address.ts';
import { findOpenMailbox, mayMail } from '#src/signups/mail-allowance.ts';
import { openSignup } from '#src/signups/open-signup.ts';
import { type Capture, claimedAt, isOpenElsewhere, weigh } from './capture.ts';
import { type CaptureBatch, emptyBatch, purposeIn, textIn } from './capture-batch.ts';
import { type CapturedText, type CaptureFault, faultsOf, untrueTimes } from './capture-faults.ts';
import { type CapturedBy, type CaptureOwner, captureOwner } from './capture-owner.ts';
import { takeFile } from './evidence-files.ts';
import { type Told, tellPerson } from './tell-person.ts';

export type CaptureResult = { outcome: 'refused'; faults: CaptureFault[] } | Captured;

interface Captured {
  outcome: 'captured';
  permissionId: string;
  state: PermissionState;
  grade: EvidenceGrade | null;
  /** Evidence that may still be handed in. */
  missing: string[];
  /** How the person hears of it. */
  told: Told;
  /** It was here already, with the same evidence: nothing was written. */
  unchanged?: true;
}

/**
 * Records a permission that somebody took down: on paper, in a call, from another system.
 *
 * Nobody confirms for a person: a mailbox that was written on a card is asked by mail, and stays `pending`
 * until its owner answers. Whether what was captured can be used is for the decision to say.
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
  const [address] = readAddress(app.keys, capture.contact_point, capture.channel);
  if (!address)
    faults.push({ field: 'contact_point', code: 'invalid', message: 'This is no address of the channel.' });
  const purposeId = await purposeOnChannel(tx, batch, capture, faults);
  const text = await textOf(tx, batch, capture, at.toISOString(), faults);
  faults.push(...untrueTimes(capture, text));
  if (faults.length > 0 || !address || !purposeId) return { outcome: 'refused', faults };
  // Two first captures for one number would otherwise make two people of one.
  await lockKeys(tx, batch.owners.has(address.hash) ? [] : [address.hash]);
  const owner = await captureOwner(tx, app, batch, { capture, address, by, locale: text?.locale ?? 'de' });
  const before = owner.person.isNew ? undefined : await permissionOf(tx, owner.point.id, purposeId);
  const no = saidNo(before, capture);
  if (no) return { outcome: 'refused', faults: [no] };
  if (before && (await isKnownAlready(tx, before, capture, text))) {
    const known = captured(before, weigh(capture).missing, 'nothing');
    return { ...known, unchanged: true };
  }
  const act = { tx, app, at, capture, by, address, purposeId, text, owner, before };
  const asksByMail =
    capture.basis === 'consent' && capture.channel === 'email' && capture.method !== 'import';
  return asksByMail && text ? askByMail(act, text) : grantNow(act);
}

interface Act {
  tx: Tx;
  app: App;
  at: Date;
  capture: Capture;
  by: CapturedBy;
  address: ReadAddress;
  purposeId: string;
  text: CapturedText | undefined;
  owner: CaptureOwner;
  before: PermissionTable | undefined;
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
  // Told once, at the channel.
  if (!faults.some(({ field }) => field === 'channel' || field === 'purpose')) faults.push(text);
  return undefined;
}

/**
 * A no that was said after this yes is the newer word, whenever the yes is typed in. Where the person said nothing
 * but ours is the reason, any no they ever said stands: only they can take it back (§ 7 Abs. 3 Nr. 3 UWG, Art. 21).
 * The same holds where another system only claims that they did.
 */
function saidNo(
  before: PermissionTable | undefined,
  { captured_at, basis, method }: Capture,
): CaptureFault | undefined {
  if (before?.settled_state !== 'withdrawn' && before?.settled_state !== 'refused') return undefined;
  const field = 'captured_at';
  if (before.since >= captured_at || basis !== 'consent') {
    return { field, code: 'withdrawn_since', message: 'The person has said no since then.' };
  }
  if (method !== 'import') return undefined;
  const message = 'The person has said no. Only they themselves can say yes again.';
  return { field, code: 'withdrawn_before', message };
}

/** An import that is filed again, or tells of a request where its person has gone further here. */
async function isKnownAlready(
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

async function permissionOf(
  tx: Tx,
  contactPointId: string,
  purposeId: string,
): Promise<PermissionTable | undefined> {
  const own = await lockedPermissions(tx, [contactPointId]);
  return own.find(({ purpose_id }) => purpose_id === purposeId);
}

async function askByMail(act: Act, text: CapturedText): Promise<CaptureResult> {
  const { tx, app, at, capture, by, address, purposeId, owner, before } = act;
  const weight = weigh(capture);
  if (before?.settled_state === 'granted' && before.channel_verified === 1) {
    return captured(before, weight.missing, 'nothing');
  }
  const mailbox = await findOpenMailbox(tx, app.keys, address.value, at);
  const permit = mailbox && (await mayMail(tx, app, mailbox, at, 'by itself'));
  const { id, ref, wording, sha256, locale } = text;
  const request = {
    person: owner.person,
    mailbox: owner.point,
    form: null,
    locale,
    origin: by.origin,
    actor: by.actor,
    source: `capture:${capture.method}`,
    confirmWithinHours: 72,
    details: {},
    wishes: [
      {
        purposeId,
        purpose: capture.purpose,
        channel: capture.channel,
        contactPoint: owner.point,
        address: address.sendable,
        text: { id, ref, wording, sha256 },
      },
    ],
    evidence: { typed: typedOf(capture), action: 'capture' },
  };
  await openSignup(tx, app, request, at, permit);
  const after = await permissionOf(tx, owner.point.id, purposeId);
  return captured(after, weight.missing, permit ? 'mail' : 'nothing', weight.grade);
}

async function grantNow(act: Act): Promise<CaptureResult> {
  const { tx, at, capture, by, address, purposeId, text, owner, before } = act;
  const now = at.toISOString();
  const weight = weigh(capture);
  const evidence = await recordEvidence(tx, owner.person, {
    act: 'capture',
    at: now,
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
    typed: typedOf(capture),
    action: 'capture',
  });
  const occurredAt = earlier(capture.captured_at, now);
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
    valid_until: text ? endOf(text.wording, text.locale, occurredAt) : null,
    occurred_at: occurredAt,
  };
  await noteClaim(tx, owner.point, capture);
  const [after] = await append(tx, now, [fact], evidence, { known: before ? [before] : [] });
  const file = fileNamedIn(capture);
  const fileHere = file !== null && (await takeFile(tx, act.app, now, owner, file));
  await insertGrounds(tx, [
    {
      event_id: after?.last_event_id ?? '',
      permission_id: after?.id ?? '',
      basis: capture.basis,
      method: capture.method ?? null,
      occurred_at: fact.occurred_at,
      record: JSON.stringify(recordOf(capture)),
      missing_evidence: JSON.stringify(weight.missing),
      missing_7a: JSON.stringify(weight.missing7a),
      audience: capture.audience,
      file_sha256: file,
      file_at: fileHere ? now : null,
      weighed: 1,
    },
  ]);
  const { purpose, channel } = capture;
  const change = { purpose, channel, from: before?.state ?? 'none', to: after?.state ?? 'granted' } as const;
  const knownMailbox = capture.basis === 'existing_customer' ? owner.point.id : undefined;
  const onPaper = capture.method !== 'import';
  const byMail = capture.basis !== 'presumed';
  const to = { ...owner, knownMailbox, onPaper, byMail, seenHere: !onPaper };
  const told = await tellPerson(tx, now, to, [change]);
  return captured(after, weight.missing, told);
}

const insertGrounds = insertRows('grounds');

async function noteClaim(tx: Tx, point: ContactPointTable, capture: Capture): Promise<void> {
  const claimed_at = claimedAt(capture);
  if (claimed_at === null || point.claimed_at !== null) return;
  await tx.updateTable('contact_points').set({ claimed_at }).where('id', '=', point.id).execute();
}

function captured(
  permission: PermissionTable | undefined,
  missing: string[],
  told: Told,
  grade = permission?.evidence_grade ?? null,
): Captured {
  return {
    outcome: 'captured',
    permissionId: permission?.id ?? '',
    state: permission?.state ?? 'none',
    grade,
    missing,
    told,
  };
}

/** A clock that runs ahead of ours makes nothing happen later than now. */
function earlier(one: string, other: string): string {
  return [one, other].sort()[0] ?? other;
}

/** What decisions read of it later. */
function recordOf({ evidence, method }: Capture) {
  return {
    saleAt: evidence.sale_date,
    productLine: evidence.product_line,
    reasonCode: evidence.reason_code,
    subject: evidence.subject_of_call,
    ...(method === 'import' && { source: evidence.source }),
  };
}

/** The scan or recording that shows it. */
function fileNamedIn({ evidence }: Capture): string | null {
  const named = evidence.scan_sha256 ?? evidence.recording_sha256;
  return typeof named === 'string' ? named.toLowerCase() : null;
}

/** Everything as it was taken down, for the evidence. */
function typedOf({ evidence, person, ...capture }: Capture): Record<string, string> {
  const all = [
    ...Object.entries(capture),
    ...Object.entries(person).map(([name, value]) => [`person.${name}`, value]),
    ...Object.entries(evidence).map(([name, value]) => [`evidence.${name}`, value]),
  ] as [string, unknown][];
  return Object.fromEntries(
    all
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}
