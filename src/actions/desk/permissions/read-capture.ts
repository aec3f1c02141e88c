import type { Channel } from '#db/schema/vocabulary.ts';
import { isoOfLocal } from '#src/i18n/local-time.ts';
import { normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import { type Capture, captureSchema } from '#src/permissions/capture.ts';
import { readScan, type Scan } from '#src/permissions/scan.ts';
import { type DeskField, fieldsOf, type Way, type WayName, ways } from './ways.ts';

/** What is captured about: a text, or where no words were agreed to, a purpose on the one channel. */
export interface CaptureSubject {
  purpose: string;
  channel: Channel;
  textRef?: string;
}

export type CaptureFaultCode =
  | 'required'
  | 'choose'
  | 'invalid'
  | 'in_future'
  | 'withdrawn_since'
  | 'before_text'
  | 'after_text'
  | 'outbound'
  | 'recording_consent'
  | 'address_from_customer'
  | 'facts_short'
  | 'again'
  | 'sha256'
  | 'scan_type'
  | 'scan_too_large'
  | 'business_only'
  | 'blocked'
  | 'unread'
  | 'reason_short'
  | 'corrected_already'
  | 'text';

export interface TypedCapture {
  typed: Record<string, string>;
  /** The file that was chosen. A browser cannot be told to choose it again. */
  scan: Uint8Array | undefined;
  /** The checksum of the one that was handed in with what is mended. */
  keptScan?: string;
}

export interface DeskFault {
  field: string;
  code: CaptureFaultCode;
}

export type ReadCapture =
  | { ok: true; capture: Capture; scan: Scan | undefined }
  | { ok: false; faults: DeskFault[] };

/** What is asked about the person. */
export const personFields = [
  'given_name',
  'family_name',
  'company',
  'street',
  'postal_code',
  'city',
  'country',
] as const;

/** Makes a capture of what was typed, or says of every field what has to be mended. */
export function readCapture(
  name: WayName,
  subject: CaptureSubject,
  { typed, scan: bytes, keptScan }: TypedCapture,
  now: Date,
): ReadCapture {
  const way: Way = ways[name];
  const faults = [...missingIn(name, typed), ...addressFaults(way, subject, typed)];
  const scan = bytes && readScan(bytes);
  if (scan === 'unknown_type') faults.push({ field: 'scan', code: 'scan_type' });
  if (scan === 'too_large') faults.push({ field: 'scan', code: 'scan_too_large' });
  const sound = typeof scan === 'object' ? scan : undefined;
  const read = captureSchema.safeParse(draftOf(name, subject, typed, sound?.sha256 ?? keptScan, now));
  if (!read.success) {
    for (const { path } of read.error.issues) faults.push(faultAt(path.map(String), name));
  }
  const once = [...new Map(faults.toReversed().map((fault) => [fault.field, fault])).values()].toReversed();
  return read.success && once.length === 0
    ? { ok: true, capture: read.data, scan: sound }
    : { ok: false, faults: once };
}

/** The address that a capture is for. A letter goes where the person lives. */
export function contactPointOf(channel: Channel, typed: Record<string, string>): string {
  if (channel !== 'post') return typed.contact_point ?? '';
  const name = [typed.given_name, typed.family_name].filter(Boolean).join(' ');
  const place = [typed.postal_code, typed.city].filter(Boolean).join(' ');
  return [name, typed.company, typed.street, place, typed.country].filter(Boolean).join('\n');
}

/** Which field of the page a fault of the use case is about. */
export function deskFault(name: WayName, field: string, code: string): DeskFault {
  if (field === 'basis') return { field: 'audience', code: 'business_only' };
  if (field === 'text_version') return { field: 'text', code: 'text' };
  const own = field.replace(/^evidence\//, '');
  const at = own === 'captured_at' ? timeField(name) : own;
  return { field: at, code: aboutTime.find((one) => one === code) ?? 'invalid' };
}

const aboutTime = ['in_future', 'withdrawn_since', 'before_text', 'after_text'] as const;

function timeField(name: WayName): string {
  const times = ['captured_at', 'signed_at', 'notice_shown_at'];
  return fieldsOf(name).find((field) => times.includes(field.name))?.name ?? 'source';
}

function missingIn(name: WayName, typed: Record<string, string>): DeskFault[] {
  return fieldsOf(name).flatMap((field): DeskFault[] => {
    const value = typed[field.name] ?? '';
    if (field.name === 'direction' && value === 'outbound') return [{ field: 'direction', code: 'outbound' }];
    if (!field.required || value !== '') return [];
    if (field.name === 'recording_consent' || field.name === 'address_from_customer') {
      return [{ field: field.name, code: field.name }];
    }
    return [{ field: field.name, code: field.kind === 'choice' ? 'choose' : 'required' }];
  });
}

function addressFaults(way: Way, { channel }: CaptureSubject, typed: Record<string, string>): DeskFault[] {
  const faults: DeskFault[] = [];
  if (channel === 'post') {
    for (const field of ['street', 'postal_code', 'city'] as const) {
      if (!typed[field]) faults.push({ field, code: 'required' });
    }
    if (way.typedTwice && faults.length === 0 && !isSamePlace(typed)) {
      const code = typed.contact_point_again ? 'again' : 'required';
      faults.push({ field: 'contact_point_again', code });
    }
    return faults;
  }
  const value = normalised(channel, typed.contact_point);
  if (!typed.contact_point) faults.push({ field: 'contact_point', code: 'required' });
  else if (value === undefined) faults.push({ field: 'contact_point', code: 'invalid' });
  if (way.typedTwice && value !== undefined && normalised(channel, typed.contact_point_again) !== value) {
    faults.push({ field: 'contact_point_again', code: typed.contact_point_again ? 'again' : 'required' });
  }
  return faults;
}

/** The same house, however it is spelled; the name is not typed twice. */
function isSamePlace(typed: Record<string, string>): boolean {
  const again = [...(typed.contact_point_again ?? '').split(/[,;]/), typed.country]
    .filter(Boolean)
    .join('\n');
  const [one, other] = [contactPointOf('post', typed), again].map((text) =>
    normalised('post', text)?.split('|').slice(0, 3).join('|'),
  );
  return one !== undefined && one === other;
}

function normalised(channel: Channel, typed = ''): string | undefined {
  const point = normaliseContactPoint(channel, typed);
  return point.ok ? point.value : undefined;
}

function draftOf(
  name: WayName,
  { purpose, channel, textRef }: CaptureSubject,
  typed: Record<string, string>,
  scanSha256: string | undefined,
  now: Date,
): unknown {
  const way: Way = ways[name];
  const evidence = Object.fromEntries(
    way.fields
      .filter((field) => !['answer', 'captured_at', 'captured_by', 'scan'].includes(field.name))
      .map((field) => [field.name, evidenceOf(field, typed[field.name] ?? '')])
      .filter(([, value]) => value !== undefined),
  );
  const times = [typed.signed_at, momentOf(typed.captured_at), momentOf(typed.notice_shown_at)];
  return {
    contact_point: contactPointOf(channel, typed),
    channel,
    purpose,
    audience: way.basis === 'presumed' || typed.audience === 'business' ? 'business' : 'consumer',
    basis: way.basis,
    ...(textRef && { text_version: textRef }),
    ...(way.method && { method: way.method }),
    captured_at: times.find(Boolean) ?? now.toISOString(),
    captured_by: typed.captured_by,
    person: Object.fromEntries(personFields.map((field) => [field, typed[field] || undefined])),
    evidence: { ...evidence, ...(scanSha256 && { scan_sha256: scanSha256 }) },
  };
}

function evidenceOf(field: DeskField, value: string): string | boolean | undefined {
  if (value === '') return undefined;
  if (field.kind === 'check') return true;
  return field.kind === 'moment' ? momentOf(value) : value;
}

/** What cannot be read is handed on as it is, for the schema to say so. */
function momentOf(local = ''): string | undefined {
  return local === '' ? undefined : (isoOfLocal(local) ?? local);
}

function faultAt(path: string[], name: WayName): DeskFault {
  const [first = '', second] = path;
  const field = second ?? (first === 'captured_at' ? timeField(name) : first);
  if (field === 'facts') return { field, code: 'facts_short' };
  if (field === 'recording_sha256') return { field, code: 'sha256' };
  if (field === 'direction') return { field, code: 'outbound' };
  if (field === 'recording_consent' || field === 'address_from_customer') return { field, code: field };
  return { field, code: 'invalid' };
}
