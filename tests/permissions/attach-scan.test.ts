import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyLedger } from '#src/ledger/verify.ts';
import { attachScan } from '#src/permissions/attach-scan.ts';
import { captureSchema } from '#src/permissions/capture.ts';
import { captureConsent } from '#src/permissions/capture-consent.ts';
import { lookUpAddress } from '#src/permissions/look-up-address.ts';
import { findAtDesk } from '#src/permissions/look-up-person.ts';
import { findScan } from '#src/permissions/look-up-scan.ts';
import { readScan, type Scan } from '#src/permissions/scan.ts';
import type { Actor } from '#src/staff/actor.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';

const carol = 'carol@example.org';
const number = '+49 6181 123456';
const agent: Actor = { id: 'a', email: 'agent@example.org', name: 'Ari Agent', role: 'agent', locale: null };
const auditor: Actor = { ...agent, role: 'auditor' };

function scanOf(text: string): Scan {
  const scan = readScan(Buffer.from(`%PDF-1.7 ${text}`));
  if (typeof scan !== 'object') throw new Error(scan);
  return scan;
}

const card = scanOf('signed');
const signed = {
  contact_point: number,
  channel: 'phone',
  purpose: 'service-calls',
  basis: 'consent',
  text_version: 'service-calls/phone/de@1.0',
  method: 'paper',
  captured_at: '2026-11-02T08:00:00Z',
  captured_by: 'crm',
  evidence: { signed_at: '2026-11-01', place: 'Hanau', scan_sha256: card.sha256.toUpperCase() },
};

describe.each(databases)('attachScan on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(async () => {
    expect((await verifyLedger(test.app.db, test.app.keys)).faults).toEqual([]);
    await test.close();
  });

  const byApi = async (more: object) => {
    const { app } = test;
    const capture = captureSchema.parse({ ...signed, ...more });
    const by = { origin: 'api', actor: 'key' } as const;
    await app.db.transaction().execute((tx) => captureConsent(tx, app, capture, by));
    const found = await lookUpAddress(app, agent, capture.contact_point, capture.channel);
    return found.outcome === 'found' ? (found.contactPointIds[0] ?? '') : '';
  };
  const scanShown = async (id: string) => {
    const event = (await findAtDesk(test.app, auditor, id, 'de'))?.events[0];
    return event?.about === 'permission' && event.scan;
  };
  const files = async () =>
    (await test.app.db.selectFrom('evidence').select('id').where('kind', '=', 'capture').execute()).length;

  it.each([
    ['a sheet about a telephone', {}],
    [
      'a card about a mailbox',
      {
        contact_point: carol,
        channel: 'email',
        purpose: 'product-news',
        text_version: 'product-news/email/de@1.0',
        method: 'postcard',
      },
    ],
  ])('adds the file that the checksum was made from: %s', async (_, more) => {
    const { app } = test;
    const id = await byApi(more);
    expect(await scanShown(id)).toBe('named');
    expect(await findScan(app, auditor, id, card.sha256)).toBeUndefined();
    expect(await attachScan(app, agent, id, card.sha256, card)).toBe('attached');
    expect(await scanShown(id)).toBe('kept');
    const kept = await findScan(app, auditor, id, card.sha256);
    expect(Buffer.from(kept?.bytes ?? []).toString()).toBe('%PDF-1.7 signed');
    const audit = await app.db.selectFrom('audit_entries').select(['act', 'subject', 'details']).execute();
    expect(audit.at(-1)).toEqual({
      act: 'permissions.scan_attached',
      subject: `contact-point:${id}`,
      details: JSON.stringify({ sha256: card.sha256 }),
    });
    const count = await files();
    expect(await attachScan(app, agent, id, card.sha256, card)).toBe('kept_already');
    expect(await files()).toBe(count);
  });

  it('takes no other file, for nobody else, and from nobody who may only read', async () => {
    const { app } = test;
    const id = await byApi({});
    const other = await byApi({
      contact_point: '+49 6181 999999',
      evidence: { ...signed.evidence, scan_sha256: undefined },
    });
    const count = await files();
    const forged = scanOf('forged');
    expect(await attachScan(app, agent, id, card.sha256, forged)).toBe('other_file');
    expect(await attachScan(app, agent, id, forged.sha256, forged)).toBe('unknown');
    expect(await attachScan(app, agent, other, card.sha256, card)).toBe('unknown');
    expect(await attachScan(app, agent, 'nobody', card.sha256, card)).toBe('unknown');
    await expect(attachScan(app, auditor, id, card.sha256, card)).rejects.toThrow();
    expect(await files()).toBe(count);
    expect(await scanShown(id)).toBe('named');
  });

  it('keeps one of two at once', async () => {
    const { app } = test;
    const id = await byApi({});
    const both = await Promise.all([1, 2].map(() => attachScan(app, agent, id, card.sha256, card)));
    expect(both.sort()).toEqual(['attached', 'kept_already']);
  });
});
