import { describe, expect, it } from 'vitest';
import { confirmSignupMail } from '#emails/confirm-signup.ts';
import { fillGaps, gapFor } from '#emails/gaps.ts';
import { permissionsChangedMail } from '#emails/permissions-changed.ts';
import { sampleMails } from '#emails/samples.ts';
import { ruleLanguage } from '#src/consent-texts/rule-language.ts';
import { checkMail, checkTransactionalMail } from '#tests/support/mail-check/check-mail.ts';
import { aConfirmation, aController, aPermissionsChange } from './params.ts';

const samples = sampleMails();
const each = samples.map((sample) => [sample.id, sample] as const);
const requests = each.filter(([, { kind }]) => kind === 'confirm-signup');

const hrefsIn = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? '');
const urlsIn = (text: string) => text.match(/https?:\/\/\S+/g) ?? [];
const visible = (html: string) =>
  html
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));

describe.each(each)('the mail %s', (_, { mail, locale }) => {
  it('loads nothing and hides nothing', () => {
    expect(mail.html).not.toMatch(/<(?:img|picture|video|svg|link|script|iframe|object|embed|form)\b/i);
    expect(mail.html).not.toMatch(/url\(|@import|background|\bsrc=|display:\s*none|visibility|\son\w+=/i);
  });

  it('says in what language it is, and is right on light and dark ground', () => {
    expect(mail.html).toContain(`<html lang="${locale}">`);
    expect(mail.html).toContain('<meta name="color-scheme" content="light dark">');
    expect(mail.html).toContain('prefers-color-scheme: dark');
  });

  it('leads to the same places in both parts', () => {
    expect(new Set(hrefsIn(mail.html))).toEqual(new Set(urlsIn(mail.text)));
  });

  it('says the same in both parts', () => {
    const words = (text: string) => text.match(/[\p{L}\d@.]{4,}/gu) ?? [];
    const html = new Set(words(visible(mail.html)));
    const text = words(mail.text.replace(/https?:\/\/\S+/g, ''));
    expect(text.filter((word) => !html.has(word))).toEqual([]);
  });

  it('names who is responsible, where their privacy notice is, and a reference', () => {
    for (const part of [mail.text, visible(mail.html)]) {
      expect(part).toMatch(/Musterstraße \d, 63452 Hanau/);
      expect(part).toMatch(/(?:Version|version) \d\.\d/);
      expect(part).toMatch(/(?:Vorgang|Reference) sig_/);
    }
  });

  it('does not advertise', () => {
    const context = {
      consentTexts: [],
      controllerName: 'Muster Werkzeuge GmbH',
      imprint: '',
      allowedLinks: [],
    };
    expect(checkTransactionalMail({ ...mail, locale: ruleLanguage(locale) }, context)).toEqual([]);
  });

  it('has a subject of one plain line', () => {
    expect(mail.subject).not.toMatch(/\p{Cc}|\p{Extended_Pictographic}|!/u);
    expect(mail.subject.length).toBeLessThan(100);
  });

  it('tells times with their zone', () => {
    expect(mail.text).toMatch(
      locale === 'de' ? /12\. März 2026, 10:04 Uhr \(MEZ\)/ : /12 March 2026, 10:04 \(CET\)/,
    );
  });
});

describe.each(requests)('the request %s', (_, { mail, locale }) => {
  it('has one link to confirm and one to the privacy notice, and no other', () => {
    expect(hrefsIn(mail.html)).toEqual([
      'https://consent.muster-werkzeuge.example/confirm/sample',
      'https://www.muster-werkzeuge.example/datenschutz',
    ]);
  });

  it('breaks none of the rules of law for such a mail', () => {
    const [url, controllerName] = [
      'https://consent.muster-werkzeuge.example/confirm/sample',
      'Muster Werkzeuge GmbH',
    ];
    const findings = checkMail(
      { ...mail, locale: ruleLanguage(locale) },
      {
        consentTexts: [...mail.text.matchAll(/[„“]((?:Ja|Yes),[^„“”]+)[“”]/g)].map((match) => match[1] ?? ''),
        controllerName,
        imprint:
          mail.text.slice(mail.text.lastIndexOf(`\n${controllerName}`)).split(/\n(?:Daten|Privacy)/)[0] ?? '',
        allowedLinks: [url, 'https://www.muster-werkzeuge.example/datenschutz'],
        confirmLink: url,
        address: 'anna@example.org',
        site: 'consent.muster-werkzeuge.example',
      },
    );
    expect(findings).toEqual([]);
  });

  it('says who asks, which address was entered when and where, and what becomes of the request', () => {
    for (const part of [mail.text, visible(mail.html)]) {
      expect(part).toContain('Muster Werkzeuge GmbH');
      expect(part).toContain('anna@example.org');
      expect(part).toContain('consent.muster-werkzeuge.example');
      expect(part).toContain(locale === 'de' ? 'am 12. März 2026, 10:04 Uhr' : 'On 12 March 2026, 10:04');
      expect(part).toContain(locale === 'de' ? 'bis 15. März 2026, 10:04' : 'until 15 March 2026, 10:04');
      expect(part).toContain(
        locale === 'de' ? 'löschen die Anfrage am 19. März 2026' : 'the request on 19 March 2026',
      );
    }
  });

  it('begins its subject with what it asks for', () => {
    expect(mail.subject).toMatch(
      locale === 'de' ? /^Bitte bestätigen: .*Muster/ : /^Please confirm: .*Muster/,
    );
  });
});

describe('the confirmation mail', () => {
  it('quotes each wording to the letter, as one string in one element', () => {
    const wording = 'Ja, die "Muster" GmbH & Co. darf mir 10 < 20 Angebote schicken.';
    const [first] = aConfirmation().consents;
    const mail = confirmSignupMail(aConfirmation({ consents: first ? [{ ...first, wording }] : [] }));
    expect(mail.text).toContain(`„${wording}“`);
    const element = /<blockquote>„<span lang="de">([^<]*)<\/span>“<\/blockquote>/.exec(mail.html)?.[1];
    expect(visible(element ?? '')).toBe(wording);
  });

  it('gives the code only where a page takes it', () => {
    expect(confirmSignupMail(aConfirmation()).text).toContain(`\n    ${gapFor('confirmCode', 'de')}\n`);
    expect(confirmSignupMail(aConfirmation({ codeExpiresAt: null })).text).not.toContain('Code');
  });

  it('prints an address as text, whatever it is made of', () => {
    const address = `"<b>x</b>&'"@example.org`;
    const mail = confirmSignupMail(aConfirmation({ address }));
    expect(mail.html).not.toContain('<b>');
    expect(visible(mail.html)).toContain(address);
  });

  it.each([
    ['Muster GmbH', 'Produktneuigkeiten der Muster GmbH'],
    ['Beispiel AG', 'Produktneuigkeiten der Beispiel AG'],
    ['Anna Muster e.K.', 'Produktneuigkeiten von Anna Muster e.K.'],
    ['Verein Beispiel e.V.', 'Produktneuigkeiten von Verein Beispiel e.V.'],
  ])('speaks of %s as one does', (legal_name, phrase) => {
    const mail = confirmSignupMail(aConfirmation({ controller: { ...aController, legal_name } }));
    expect(mail.subject).toBe(`Bitte bestätigen: ${phrase}`);
  });
});

describe('the mail about changed permissions', () => {
  it('lists every purpose and channel with one of three answers, or that it still waits', () => {
    const { text } = permissionsChangedMail(aPermissionsChange());
    expect(text).toContain(`Produktneuigkeiten
  E-Mail    Ja                     seit 12. März 2026, 10:04 Uhr
  Post      keine Angabe

Einladungen
  E-Mail    Nein                   seit 12. März 2026, 10:04 Uhr
  Telefon   Ja                     seit 12. März 2026, 10:04 Uhr
            +49 ••• •• 10
            Nummer nicht geprüft: Eine E-Mail bestätigt nur das Postfach

Angebote
  E-Mail    noch nicht bestätigt   seit 12. März 2026, 10:04 Uhr
            bis dahin gilt: keine Angabe`);
  });

  it('says first, in one sentence, what changed', () => {
    const { text } = permissionsChangedMail(aPermissionsChange());
    expect(text.split('\n\n')[1]).toBe(
      'am 12. März 2026, 10:04 Uhr (MEZ) haben wir gespeichert: Ja zu „Produktneuigkeiten“ per E-Mail und „Einladungen“ per Telefon; Nein zu „Einladungen“ per E-Mail; noch nicht bestätigt: „Angebote“ per E-Mail.',
    );
  });

  it('promises of the one link no more than it does: it ends the e-mails, and no calls or letters', () => {
    expect(permissionsChangedMail(aPermissionsChange()).text).toContain(
      'Alle E-Mails auf einmal abbestellen:',
    );
    expect(permissionsChangedMail(aPermissionsChange({ locale: 'en' })).text).toContain(
      'Unsubscribe from all e-mails at once:',
    );
  });

  it('says where things stand when nothing in particular changed', () => {
    const { text } = permissionsChangedMail(aPermissionsChange({ changes: [] }));
    expect(text).toContain('das ist Ihr Stand am 12. März 2026, 10:04 Uhr (MEZ).');
  });

  it('shows answers in words first: the signs are for the eye only', () => {
    const { html } = permissionsChangedMail(aPermissionsChange());
    expect(html).toContain('<span class="yes"><span aria-hidden="true">✓</span> Ja</span>');
    expect(html).toContain('<span class="open"><span aria-hidden="true">○</span> keine Angabe</span>');
    expect(html).toContain('<th scope="row">Telefon</th>');
  });
});

describe('fillGaps', () => {
  it('puts each secret where its gap was, in both parts, and leaves the rest as it is', () => {
    const mail = confirmSignupMail(aConfirmation());
    const secrets = { confirmUrl: 'https://consent.example/confirm/$&abc', confirmCode: '012345' };
    const filled = fillGaps(mail, 'de', secrets);
    expect(filled.text).toContain('\nhttps://consent.example/confirm/$&abc\n');
    expect(filled.text).toContain('\n    012345\n');
    expect(filled.html).toContain('href="https://consent.example/confirm/$&abc"');
    const again = filled.html.replace(secrets.confirmUrl, () => gapFor('confirmUrl', 'de'));
    expect(again.replace(secrets.confirmCode, gapFor('confirmCode', 'de'))).toBe(mail.html);
  });
});
