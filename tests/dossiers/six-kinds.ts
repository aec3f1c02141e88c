import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '#src/app/app.ts';
import { fileAtDesk, releaseImport } from '#src/exchange/release-import.ts';
import { runImport } from '#src/exchange/run-import.ts';
import { newId } from '#src/ids/new-id.ts';
import { deliverDue } from '#src/mail/deliver.ts';
import { fileTransport } from '#src/mail/file-transport.ts';
import { captureSchema } from '#src/permissions/capture.ts';
import { captureAtDesk } from '#src/permissions/capture-at-desk.ts';
import { readScan, type Scan } from '#src/permissions/scan.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aMember } from '#tests/staff/desk.ts';
import { aClient, newestToken, signUp } from '#tests/support/app.ts';

export const kinds = [
  'a signup on the web',
  'a recorded call',
  'a paper card with its scan',
  'an import',
  'an existing customer',
  'a presumed interest',
] as const;

export type Kind = (typeof kinds)[number];

/** Makes a permission of this kind, with its mails sent; returns its id. */
export async function aPermission(app: App, kind: Kind, name = 'alice'): Promise<string> {
  await makers[kind](app, name);
  await sendMails(app);
  const newest = await app.db
    .selectFrom('permissions')
    .select('id')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  return newest.id;
}

const makers: Record<Kind, (app: App, name: string) => Promise<unknown>> = {
  async 'a signup on the web'(app, name) {
    const client = { ...aClient, pageUrl: 'http://localhost:8080/news' };
    const address = `${name}@example.org`;
    await signUp(app, address, ['partner-offers:email']);
    await sendMails(app);
    await confirmSignup(app, await newestToken(app, address), client);
  },
  'a recorded call': (app) =>
    capture(app, {
      contact_point: '+4930901820',
      channel: 'phone',
      purpose: 'service-calls',
      basis: 'consent',
      method: 'phone_recorded',
      text_version: 'service-calls/phone/de@1.0',
      evidence: {
        number: '+4930901820',
        direction: 'inbound',
        recording_ref: 'pbx 4711',
        recording_sha256: recording.sha256,
        recording_consent: true,
      },
    }),
  'a paper card with its scan': (app) =>
    capture(
      app,
      {
        contact_point: '+4930901821',
        channel: 'phone',
        purpose: 'service-calls',
        basis: 'consent',
        method: 'paper',
        text_version: 'service-calls/phone/de@1.0',
        person: { given_name: 'Carla', family_name: 'Karte' },
        evidence: { signed_at: '2026-10-30', place: 'Hanau', scan_sha256: card.sha256 },
      },
      card,
    ),
  async 'an import'(app, name) {
    const admin = await aMember(app, 'admin', `filer-${name}@example.org`);
    const other = await aMember(app, 'admin', `releaser-${name}@example.org`);
    const id = newId();
    const head =
      'contact_point,channel,purpose,text_version,captured_at,captured_by,source,proof_ref,confirmed_at';
    const row = `${name}@example.org,email,product-news,product-news/email/de@1.0,2026-10-01,CRM,old CRM,p-1,2026-10-01`;
    await fileAtDesk(app, admin, { id, name: 'list.csv', file: Buffer.from(`${head}\n${row}`) });
    await runImport(app, id);
    await releaseImport(app, other, id);
    await runImport(app, id);
  },
  'an existing customer': (app, name) =>
    capture(app, {
      contact_point: `${name}@example.org`,
      channel: 'email',
      purpose: 'product-news',
      basis: 'existing_customer',
      evidence: {
        sale_id: 'R-100',
        sale_date: '2026-10-20',
        product_line: 'Akkuschrauber',
        address_from_customer: true,
        notice_text_version: 'product-news/email/de@1.0',
        notice_shown_at: '2026-10-20',
      },
    }),
  'a presumed interest': (app) =>
    capture(app, {
      contact_point: '+4930901822',
      channel: 'phone',
      purpose: 'service-calls',
      audience: 'business',
      basis: 'presumed',
      person: { company: 'Holzbau Nord GmbH' },
      evidence: {
        reason_code: 'concrete_request',
        facts: 'Asked at the fair for a call about the drill of which the stand had no more.',
        subject_of_call: 'Schlagbohrer',
        product_line: 'Bohrer',
      },
    }),
};

async function capture(app: App, fields: Record<string, unknown>, scan?: Scan): Promise<void> {
  const agent = await aMember(app, 'agent', `${newId()}@example.org`);
  const given = { captured_at: '2026-10-31T10:00:00Z', captured_by: 'Agent 7', ...fields };
  const result = await captureAtDesk(app, agent, captureSchema.parse(given), scan ? { scan } : {});
  if (result.outcome !== 'captured') throw new Error(JSON.stringify(result));
}

const card = scanOf('%PDF-1.4 a signed card');
const recording = scanOf('RIFF\0\0\0\0WAVEfmt a call');

function scanOf(bytes: string): Scan {
  const scan = readScan(Buffer.from(bytes, 'latin1'));
  if (typeof scan === 'string') throw new Error(scan);
  return scan;
}

export async function sendMails(app: App): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'jawort-mail-'));
  await deliverDue(app, fileTransport(dir), 50);
  await rm(dir, { recursive: true });
}
