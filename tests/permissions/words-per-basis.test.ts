import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Basis, PermissionState } from '#db/schema/vocabulary.ts';
import { gapFor, secretNames } from '#emails/gaps.ts';
import { type PermissionsChangedMail, permissionsChangedMail } from '#emails/permissions-changed.ts';
import { groundAnswer, groundSentences, type SpokenGround } from '#src/i18n/ground-words.ts';
import { translator } from '#src/i18n/translate.ts';
import { printLetters } from '#src/letters/print-letters.ts';
import { printedLetters } from '#src/letters/read-letters.ts';
import { manageLink } from '#src/links/signed-link.ts';
import { deliverDue } from '#src/mail/deliver.ts';
import { fileTransport } from '#src/mail/file-transport.ts';
import { captureSchema } from '#src/permissions/capture.ts';
import { captureAtDesk } from '#src/permissions/capture-at-desk.ts';
import { describePreferences } from '#src/permissions/describe-preferences.ts';
import { withdrawAtDesk } from '#src/permissions/withdraw-at-desk.ts';
import { issueReceipt } from '#src/receipts/issue-receipt.ts';
import type { Actor } from '#src/staff/actor.ts';
import { openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { mailsTo, type ReadMail } from '#tests/support/mailbox.ts';
import { aPermissionsChange } from '../emails/params.ts';

/** What only a consent may be called (law.md 7.6). */
const consentStems = /einwillig|zustimm|zugestimmt|einverst|consent|agree|opt-in/i;
const rightToObject = /widersp|\bobject/i;

const others: Exclude<Basis, 'consent'>[] = ['existing_customer', 'presumed', 'legitimate_interest'];
const states: Exclude<PermissionState, 'none' | 'pending'>[] = ['granted', 'withdrawn', 'expired'];
const locales = ['de', 'en'] as const;
const channelOf = { existing_customer: 'email', presumed: 'phone', legitimate_interest: 'post' } as const;
const at = '2026-11-20T09:00:00.000Z';
const cases = locales.flatMap((locale) =>
  others.flatMap((basis) => states.map((state) => ({ locale, basis, state }))),
);

function groundOf(basis: (typeof others)[number], state: PermissionState, told = true): SpokenGround {
  return {
    title: 'Akkuschrauber',
    channel: channelOf[basis],
    basis,
    state,
    settledState: state,
    since: at,
    ...(told && {
      recordedAt: at,
      saleAt: '2026-10-01',
      productLine: 'Akkuschrauber',
      reasonCode: 'handed_over_card',
      subject: 'Werkzeuge',
      source: 'order 17',
    }),
  };
}

/** The gaps of a kept mail are filled before it is sent, and are read by nobody. */
function withoutGaps(text: string): string {
  return locales
    .flatMap((locale) => secretNames.map((secret) => gapFor(secret, locale)))
    .reduce((all, gap) => all.replaceAll(gap, ''), text);
}

function faultsOf(kept: string): string[] {
  const text = withoutGaps(kept);
  return [
    ...(consentStems.test(text) ? [`calls it a consent: ${consentStems.exec(text)?.[0]}`] : []),
    ...(rightToObject.test(text) ? [] : ['does not name the right to object']),
  ];
}

describe('the words of a basis that is no consent', () => {
  it.each(cases)('stand in the mail: $basis, $state, $locale', ({ locale, basis, state }) => {
    for (const told of [true, false]) {
      const ground = groundOf(basis, state, told);
      const params = aPermissionsChange({ locale });
      const mail = permissionsChangedMail({
        ...params,
        changes: [{ title: ground.title, channel: ground.channel, to: state, basis }],
        controllers: params.controllers.map((controller) => ({
          ...controller,
          cells: [
            { ...ground, contactPoint: null, verified: false },
            { ...groundOf(basis, 'none'), basis: null, contactPoint: null, verified: false },
          ],
        })),
      } satisfies PermissionsChangedMail);
      expect(faultsOf(`${mail.subject}\n${mail.text}`)).toEqual([]);
      expect(faultsOf(mail.html)).toEqual([]);
      expect(mail.subject).not.toMatch(consentStems);
      expect(mail.text).not.toMatch(state === 'granted' ? /: (?:Ja|Yes|Nein|No)\b|✓/ : /: (?:Ja|Yes)\b|✓/);
    }
  });

  it.each(cases)(
    'stand in the letter, the page and the receipt: $basis, $state, $locale',
    ({ locale, basis, state }) => {
      const ground = groundOf(basis, state);
      const t = translator(locale);
      const said = [groundAnswer(ground, locale) ?? '', ...groundSentences(ground, locale)].join('\n');
      expect(faultsOf(said)).toEqual([]);
      expect(groundAnswer(ground, locale)).not.toMatch(/^(?:Ja|Yes)\b/);
      const around = [
        t('letter.subject.other'),
        t('letter.subject.objected'),
        t('letter.change.other', { email: 'x@example.org' }),
        t('letter.exit.other'),
        t('unsubscribe.right'),
        t('unsubscribe.done.objected'),
        t('preferences.heading_at.other', { controller: 'Muster GmbH' }),
        t('preferences.not_you.text.other'),
        t('preferences.object'),
      ];
      for (const sentence of around) expect(sentence).not.toMatch(consentStems);
    },
  );

  it('are those of the law', () => {
    expect(groundSentences(groundOf('existing_customer', 'granted'), 'de')).toEqual([
      'Sie haben am 1. Oktober 2026 bei uns gekauft: Akkuschrauber. Zu ähnlichen eigenen Waren schreiben wir Ihnen E-Mails, bis Sie widersprechen.',
      expect.stringContaining('Übermittlungskosten nach den Basistarifen'),
    ]);
    expect(groundSentences(groundOf('presumed', 'granted'), 'de')[0]).toContain(
      'Gesagt haben Sie uns das nicht.',
    );
    expect(groundSentences(groundOf('legitimate_interest', 'granted'), 'en')[0]).toBe(
      'We advertise Akkuschrauber to you by letter in our legitimate interest. Your address comes from this source: order 17.',
    );
    expect(groundSentences(groundOf('legitimate_interest', 'withdrawn'), 'de')[0]).toBe(
      'Sie haben am 20. November 2026 widersprochen. Auf diesem Weg werben wir nicht mehr.',
    );
  });
});

const agent: Actor = { id: 'stf_1', email: 'ari@example.org', name: 'Ari', role: 'agent', locale: null };
const customer = captureSchema.parse({
  contact_point: 'kunde@example.org',
  channel: 'email',
  purpose: 'product-news',
  basis: 'existing_customer',
  captured_at: '2026-11-01T08:00:00Z',
  captured_by: 'Ari',
  evidence: {
    sale_id: 'S-1',
    sale_date: '2026-10-01',
    product_line: 'Akkuschrauber',
    address_from_customer: true,
    notice_text_version: 'product-news/email/de@1.0',
    notice_shown_at: '2026-10-01T08:00:00Z',
  },
});
const firm = captureSchema.parse({
  contact_point: '+49 6181 123456',
  channel: 'phone',
  purpose: 'service-calls',
  audience: 'business',
  basis: 'presumed',
  captured_at: '2026-11-01T08:00:00Z',
  captured_by: 'Ari',
  evidence: {
    reason_code: 'handed_over_card',
    facts: 'Gave us the card at the fair in Hanau and asked about maintenance.',
    subject_of_call: 'Wartung',
    product_line: 'Akkuschrauber',
  },
});
const letterBox = captureSchema.parse({
  contact_point: 'Lotte Probe\nBeispielweg 7\n12345 Musterstadt',
  channel: 'post',
  purpose: 'product-news',
  basis: 'legitimate_interest',
  captured_at: '2026-11-01T08:00:00Z',
  captured_by: 'Ari',
  evidence: { source: 'order 17', balancing: 'A customer of ours; letters twice a year.' },
});

describe.each(databases)('what a person is told of such a basis on %s', (name) => {
  let test: TestApp;
  let dir: string;
  beforeEach(async () => {
    test = await openTestApp(name);
    dir = await mkdtemp(join(tmpdir(), 'jawort-mail-'));
  });
  afterEach(async () => {
    await test.close();
    await rm(dir, { recursive: true });
  });

  /** All that went to the customer so far. */
  async function mails(): Promise<ReadMail[]> {
    while ((await deliverDue(test.app, fileTransport(dir), 50)).sent > 0);
    return mailsTo(dir, customer.contact_point);
  }

  async function capture(what: Parameters<typeof captureAtDesk>[2], personId?: string) {
    const result = await captureAtDesk(test.app, agent, what, { personId });
    if (result.outcome !== 'captured') throw new Error(JSON.stringify(result));
    return result;
  }

  it('tells a customer by mail, page and receipt what they bought, and never of a consent', async () => {
    const { contactPointId } = await capture(customer);
    const [mail] = await mails();
    expect(mail?.subject).toBe(
      'Werbung an Sie: Sie können jederzeit widersprechen (bei der Muster Werkzeuge GmbH)',
    );
    expect(faultsOf(`${mail?.subject}\n${mail?.text}`)).toEqual([]);
    expect(mail?.text).toContain('bei uns gekauft: Akkuschrauber');
    const link = manageLink(test.app.keys, contactPointId, 0, test.app.now());
    const found = await describePreferences(test.app, link, 'de');
    const cell =
      found.outcome === 'found'
        ? found.controllers[0]?.cells.find(({ field }) => field === 'p:product-news:email')
        : undefined;
    expect(cell?.ground).toMatchObject({ basis: 'existing_customer', saleAt: '2026-10-01T00:00:00.000Z' });
    const receipt = await issueReceipt(test.app, link, cell?.permissionId ?? '', {
      form: 'json',
      locale: 'de',
    });
    const said = receipt.outcome === 'issued' ? String(receipt.body) : '';
    expect(said).toContain('bei uns gekauft: Akkuschrauber');
    expect(faultsOf(said)).toEqual([]);
  });

  it('calls the end of it an objection, in the ledger too', async () => {
    await capture(customer);
    await withdrawAtDesk(test.app, agent, { contactPoint: customer.contact_point, how: 'letter' });
    const event = await test.app.db
      .selectFrom('events')
      .select(['kind', 'basis'])
      .orderBy('id', 'desc')
      .executeTakeFirst();
    expect(event).toEqual({ kind: 'objected', basis: 'existing_customer' });
    const mail = (await mails()).at(-1);
    expect(mail?.subject).toBe('Bestätigung: Ihr Widerspruch bei der Muster Werkzeuge GmbH');
    expect(faultsOf(`${mail?.subject}\n${mail?.text}`)).toEqual([]);
  });

  it('writes no mail about a presumed interest, but a letter', async () => {
    const { contactPointId } = await capture(customer);
    const { person_id } = await test.app.db
      .selectFrom('contact_points')
      .select('person_id')
      .where('id', '=', contactPointId)
      .executeTakeFirstOrThrow();
    await test.app.db.updateTable('contact_points').set({ verified_at: at }).execute();
    const before = (await mails()).length;
    expect(await capture(firm, person_id)).toMatchObject({ notifiedBy: 'letter' });
    expect((await mails()).length).toBe(before);
  });

  it('prints a letter with the source of the address and the right to object', async () => {
    await capture(letterBox);
    const printed = await printLetters(test.app, agent, 'all');
    const letters =
      printed.outcome === 'printed' ? await printedLetters(test.app, agent, { runId: printed.runId }) : [];
    const cell = letters[0]?.cells.find(({ state }) => state === 'granted');
    expect(cell?.wording).toBeNull();
    const said = cell?.ground ? groundSentences(cell.ground, 'de').join(' ') : '';
    expect(said).toContain('Ihre Anschrift stammt aus dieser Quelle: order 17.');
    expect(faultsOf(said)).toEqual([]);
  });
});
