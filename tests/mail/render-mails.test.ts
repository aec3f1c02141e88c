import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSignedLink } from '#src/links/signed-link.ts';
import { newestCheckpoint } from '#src/log/log-status.ts';
import { ensureDemoLog, signNow } from '#src/log/start-log.ts';
import { deliverDue } from '#src/mail/deliver.ts';
import { fileTransport } from '#src/mail/file-transport.ts';
import { changePreferences } from '#src/permissions/change-preferences.ts';
import { confirmSignup } from '#src/signups/confirm-signup.ts';
import { aClient, newestToken, openTestApp, signUp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { checkMail } from '#tests/support/mail-check/check-mail.ts';
import { mailsTo, type ReadMail } from '#tests/support/mailbox.ts';

const alice = 'alice@example.org';
const details = {
  given_name: 'Alice',
  family_name: 'Wunderlich',
  company: 'Buy Cheap Pills Ltd',
  phone: '06181 12345',
};

describe.each(databases)('the mails of the demo on %s', (name) => {
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

  async function newestMail(): Promise<ReadMail> {
    while ((await deliverDue(test.app, fileTransport(dir), 50)).sent > 0);
    return (await mailsTo(dir, alice)).at(-1) as ReadMail;
  }

  async function signUpAtTheFair(): Promise<ReadMail> {
    await signUp(test.app, alice, ['product-news:email', 'service-calls:phone'], 'fair', details);
    return newestMail();
  }

  const confirm = async () => confirmSignup(test.app, await newestToken(test.app, alice), aClient);

  it('ask for a confirmation in words that break no rule, and repeat nothing that was typed', async () => {
    const mail = await signUpAtTheFair();
    const { app } = test;
    const controller = await app.db.selectFrom('controllers').selectAll().executeTakeFirstOrThrow();
    const items = await app.db
      .selectFrom('signup_items')
      .innerJoin('consent_text_versions', 'consent_text_versions.id', 'signup_items.text_version_id')
      .select('consent_text_versions.wording')
      .execute();
    const confirmLink = `${app.config.baseUrl}${mail.links.confirm}`;
    const findings = checkMail(
      { subject: mail.subject, text: mail.text, html: mail.html, locale: 'de' },
      {
        consentTexts: items.map(({ wording }) => wording),
        controllerName: controller.legal_name,
        imprint: controller.imprint,
        allowedLinks: [confirmLink, controller.privacy_url],
        confirmLink,
        address: alice,
        site: new URL(app.config.baseUrl).host,
        formValues: Object.values(details),
      },
    );
    expect(items).toHaveLength(2);
    expect(findings).toEqual([]);
    expect(Object.keys(mail.headers)).not.toContain('list-unsubscribe');
    expect(mail.headers).toMatchObject({
      'reply-to': controller.privacy_email,
      'auto-submitted': 'auto-generated',
    });
  });

  it('tell how everything stands after a confirmation, and that a mailbox proves no number', async () => {
    await signUpAtTheFair();
    await confirm();
    const mail = await newestMail();
    expect(mail.kind).toBe('permissions-changed');
    expect(mail.text).toMatch(
      /Anrufe zur Wartung\n {2}Telefon +Ja +seit 2\. November 2026, 10:00 Uhr\n.*45\n.*nicht geprüft/,
    );
    expect(mail.text).toMatch(/Angebote der Beispiel Versicherung AG\n {2}E-Mail +keine Angabe/);
    expect(mail.text).not.toContain('12345');
    expect(mail.headers).toMatchObject({ 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' });
    expect(mail.headers['list-unsubscribe']).toBe(`<${test.app.config.baseUrl}${mail.links.unsubscribe}>`);
    const link = mail.links.unsubscribe?.split('/').at(-1) ?? '';
    expect(readSignedLink(test.app.keys, link)).toMatchObject({ use: 'unsubscribe', purposeId: null });
  });

  it('name the newest signed head of the log, so that each mailbox keeps one', async () => {
    await signUpAtTheFair();
    const logKey = { file: join(dir, 'log-key.pem'), origin: 'log.example' };
    test.app.config.logKey = logKey;
    await ensureDemoLog(test.app);
    await confirm();
    expect(await signNow(test.app, logKey)).toMatchObject({ outcome: 'signed' });
    const head = await newestCheckpoint(test.app.db);
    const line = `Stand unseres Protokolls: ${head?.size} Einträge, Wurzel ${head?.root.slice(0, 16)}…`;
    const mail = await newestMail();
    expect(mail.text).toContain(line);
    expect(mail.html).toContain(line);
  });

  it('say in the person’s language that a new wish still waits, and ask for it without a code', async () => {
    await signUpAtTheFair();
    await confirm();
    const manage = (await newestMail()).links.manage?.split('/').at(-1) ?? '';
    const wish = { purpose: 'partner-offers', channel: 'email', answer: 'yes' } as const;
    const refusal = { purpose: 'product-news', channel: 'email', answer: 'no' } as const;
    await changePreferences(test.app, manage, [wish, refusal], aClient, 'en');
    await newestMail();
    const mails = (await mailsTo(dir, alice)).slice(2);
    const asking = mails.find((mail) => mail.kind === 'confirm-signup');
    const telling = mails.find((mail) => mail.kind === 'permissions-changed');
    expect(asking?.subject).toMatch(/^Please confirm: /);
    expect(asking?.text).toContain('was entered in the preferences on');
    expect(asking?.code).toBeUndefined();
    expect(telling?.text).toMatch(
      /E-mail +not confirmed yet +since 2 November 2026, 10:00\n +until then: not stated/,
    );
    expect(telling?.text).toMatch(
      /we recorded: no to “[^”]+” by e-mail; not confirmed yet: “[^”]+” by e-mail\./,
    );
  });
});
