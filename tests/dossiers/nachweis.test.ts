import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { proofActions } from '#src/actions/desk/proofs.ts';
import { answerPost } from '#src/desk/desk-action.ts';
import { renderNachweisPdf } from '#src/dossiers/pdf/render-nachweis-pdf.ts';
import { readStory } from '#src/dossiers/read-story.ts';
import { describeStory } from '#src/dossiers/sheet/describe-story.ts';
import { filledHtml } from '#src/dossiers/sheet/filled-html.ts';
import type { Sheet } from '#src/dossiers/sheet/sheet.ts';
import type { Story } from '#src/dossiers/story.ts';
import { newId } from '#src/ids/new-id.ts';
import { unsubscribeLink } from '#src/links/signed-link.ts';
import { catchUp } from '#src/log/catch-up.ts';
import { makeCheckpoint } from '#src/log/make-checkpoint.ts';
import { recordUses } from '#src/permissions/record-uses.ts';
import { unsubscribe } from '#src/permissions/unsubscribe.ts';
import type { Role } from '#src/staff/roles.ts';
import { aMember, signedIn } from '#tests/staff/desk.ts';
import { aClient, openTestApp, type TestApp } from '#tests/support/app.ts';
import { databases } from '#tests/support/databases.ts';
import { pdfPages } from '#tests/support/pdf-text.ts';
import { aPermission, type Kind, kinds } from './six-kinds.ts';

const signer = { name: 'log.example.org/muster', key: generateKeyPairSync('ed25519').privateKey };
const consentStems = /einwillig|zustimm|zugestimmt|einverst|consent|agree|opt-in/i;

/** What must stand on page one, and what somewhere. */
const pieces: Record<Kind, { title: string; first: string[]; later: string[] }> = {
  'a signup on the web': {
    title: 'Nachweis einer Einwilligung',
    first: [
      'alice@example.org',
      'Erteilt seit 2. November 2026, 10:00 Uhr (MEZ)',
      'darf meine E-Mail-Adresse an die Beispiel Versicherung AG, Köln, geben',
      '1 von 3 Kästchen angekreuzt, keines war vorbelegt',
      'Antwort des Mailservers',
      'Knopf zum Bestätigen auf der Seite, die der Link aus der E-Mail öffnet',
      'Nichts: kein Widerruf, kein Widerspruch, keine Sperre.',
      'Wer es war, zeigt sie nicht.',
      'node verify.mjs',
    ],
    later: [
      'Neue Akkuschrauber, Sägen und Zubehör',
      'Oder geben Sie diesen Code auf der Seite ein',
      'Message-ID',
      'POST form',
    ],
  },
  'a recorded call': {
    title: 'Nachweis einer Einwilligung',
    first: ['+4930901820', 'Anruf mit Aufnahme', 'die Person das Unternehmen', 'pbx 4711'],
    later: ['Die Datei liegt nicht hier', 'In die Aufnahme eingewilligt', 'Vor- und Nachname (§ 7a UWG)'],
  },
  'a paper card with its scan': {
    title: 'Nachweis einer Einwilligung',
    first: ['Carla Karte', 'Papierformular', 'Unterschrieben am: 30. Okt. 2026', 'Hanau'],
    later: ['application/pdf', 'Die Datei liegt im Dossier'],
  },
  'an import': {
    title: 'Nachweis einer Einwilligung',
    first: ['Datei „list.csv“, Zeile 2', 'old CRM', 'nach Angabe des früheren Systems', 'p-1'],
    later: ['Eingereicht', 'Freigegeben'],
  },
  'an existing customer': {
    title: 'Nachweis der E-Mail-Werbung an einen Bestandskunden',
    first: ['Besteht seit', 'Kauf und Hinweis festgehalten', 'R-100', 'Akkuschrauber', '§ 7 Abs. 3 UWG'],
    later: ['Adresse vom Kunden selbst'],
  },
  'a presumed interest': {
    title: 'Nachweis eines mutmaßlichen Interesses',
    first: ['Holzbau Nord GmbH', 'Ausdrückliche Anfrage', 'Die Person hat nichts dazu gesagt'],
    later: ['Asked at the fair for a call about the drill'],
  },
};

describe.each(databases)('the Nachweis of a permission on %s', (name) => {
  let test: TestApp;
  beforeEach(async () => {
    test = await openTestApp(name);
  });
  afterEach(() => test.close());

  async function storyOf(permissionId: string, at = test.app.now().toISOString()): Promise<Story> {
    await catchUp(test.app);
    await makeCheckpoint(test.app.db, signer, test.app.now().toISOString());
    const read = await readStory(test.app, { permissionId }, at);
    if (read.outcome !== 'read') throw new Error(read.outcome);
    return read.story;
  }

  it.each(kinds)('tells %s, on page one what matters, and the same on the page', async (kind) => {
    const story = await storyOf(await aPermission(test.app, kind));
    const [first = '', ...others] = pdfPages(await renderNachweisPdf(story, { locale: 'de' }));
    const all = [first, ...others].join('\n');
    const { title, first: early, later } = pieces[kind];
    const head = [title, 'Muster Werkzeuge GmbH', 'Musterstraße 1', 'log.example.org/muster', ...early];
    expect(missingIn(first, head)).toEqual([]);
    const words = story.texts.flatMap(({ wording, sha256 }) => [wording, sha256]);
    const leaves = story.events.map(({ log }) => log[0]?.leaf ?? 'no entry');
    const foot = `Seite 1 von ${others.length + 1}`;
    expect(missingIn(all, [...later, ...words, ...leaves, foot])).toEqual([]);
    expect(others.length).toBeLessThan(7);
    const page = wordsOf(describeStory(story, 'de'));
    expect(missingIn(page, [title, ...early, ...later, ...words])).toEqual([]);
  });

  it.each(kinds)('says it in English for %s, and gives the same bytes for the same story', async (kind) => {
    const story = await storyOf(await aPermission(test.app, kind));
    const pdf = await renderNachweisPdf(story, { locale: 'en' });
    expect(Buffer.compare(pdf, await renderNachweisPdf(story, { locale: 'en' }))).toBe(0);
    const all = pdfPages(pdf).join('\n');
    expect(all).toContain('What has changed since');
    expect(all).toContain('Page 1 of');
    expect(all).not.toMatch(/Seite \d|Zeitleiste|Anlage/);
  });

  it.each(['an existing customer', 'a presumed interest'] as const)(
    'never calls the basis of %s a consent',
    async (kind) => {
      const story = await storyOf(await aPermission(test.app, kind));
      for (const locale of ['de', 'en']) {
        const described = describeStory(story, locale);
        // Mails have a test of their own.
        const annexes = described.annexes.filter(({ name }) => name !== 'mails');
        const sheet = wordsOf({ ...described, annexes });
        // The notice may be a text that is used for consents as well: its words are quoted.
        const own = story.texts.reduce((all, { wording }) => all.replaceAll(wording, ''), sheet);
        expect(own.match(consentStems)).toBeNull();
        expect(own).toMatch(/Widerspr|[Oo]bject/);
      }
    },
  );

  it('puts the entries of the person into a look-alike, and leaves the frozen page as it is', async () => {
    const story = await storyOf(await aPermission(test.app, 'a signup on the web'));
    const frozen = story.forms[0]?.pages[0]?.html ?? '';
    const form = describeStory(story, 'de')
      .annexes.flatMap(({ blocks }) => blocks)
      .find((block) => block.kind === 'form');
    if (form?.kind !== 'form') throw new Error('no form');
    const filled = filledHtml(form);
    expect(filled).toMatch(/<input[^>]*value="partner-offers:email"[^>]* checked inert>/);
    expect(filled).not.toMatch(/<input[^>]*value="product-news:email"[^>]* checked/);
    expect(filled).toMatch(/<input[^>]*name="email"[^>]* value="alice@example.org" readonly>/);
    expect(filled.replace(/ checked inert| inert| value="alice@example.org" readonly/g, '')).toBe(frozen);
    const [copied, ...none] = [{ ...form, typed: { email: '"><script>alert(1)</script>' } }].map(filledHtml);
    expect(none).toEqual([]);
    expect(copied).not.toContain('<script>');
  });

  it('tells a withdrawal as the state and as what changed, and the day before as it was', async () => {
    const permissionId = await aPermission(test.app, 'a signup on the web');
    const then = test.app.now().toISOString();
    test.pass({ days: 3 });
    const point = (await storyOf(permissionId)).person.contactPoints[0]?.id ?? '';
    await unsubscribe(test.app, unsubscribeLink(test.app.keys, point, 0), 'one_click', aClient);
    const [now = ''] = pdfPages(await renderNachweisPdf(await storyOf(permissionId), { locale: 'de' }));
    expect(now).toContain('Nachweis einer Einwilligung und ihres Widerrufs');
    expect(now).toContain('Widerrufen seit 5. November 2026');
    expect(plain(now)).toContain(plain('Abmelde-Knopf des E-Mail-Programms (RFC 8058)'));
    const [before = ''] = pdfPages(
      await renderNachweisPdf(await storyOf(permissionId, then), { locale: 'de' }),
    );
    expect(before).toContain('Erteilt seit 2. November 2026');
    expect(before).toContain('Stand: 2. November 2026');
    expect(before).not.toMatch(/Widerrufen/);
  });

  it('says on top what stands against using it', async () => {
    const permissionId = await aPermission(test.app, 'an import');
    const story = await storyOf(permissionId);
    const [point] = story.person.contactPoints;
    const block = { id: 'x', channel: 'email', purpose: null, reason: 'bounce', since: story.at } as const;
    const rest = { until: null, liftedAt: null, source: null, recordedAt: null, log: [] };
    expect(point?.channel).toBe('email');
    const [part] = describeStory({ ...story, blocks: [{ ...block, ...rest }] }, 'de').parts;
    expect(part?.state).toContain('So nicht nutzbar: Die Adresse ist gesperrt.');
    expect(part?.mood).toBe('open');
    const call = await storyOf(await aPermission(test.app, 'a recorded call'));
    expect(describeStory(call, 'de').parts[0]?.state).toContain('Es fehlt Vor- und Nachname (§ 7a UWG)');
    const [lifted] = describeStory(
      { ...story, blocks: [{ ...block, ...rest, liftedAt: story.at }] },
      'de',
    ).parts;
    expect(lifted?.mood).toBe('yes');
  });

  it('names who outside has signed for its entries, and says so where nobody has', async () => {
    const permissionId = await aPermission(test.app, 'a presumed interest');
    const story = await storyOf(permissionId);
    expect(describeStory(story, 'de').limits.join()).toContain('weder ein Zeuge noch ein Zeitstempeldienst');
    const { size } = story.checkpoint ?? { size: 0 };
    for (const [witness, signed] of [
      ['early.example', 1],
      ['late.example', size],
    ] as const) {
      const row = { size: signed, witness, at: story.at, line: 'a line\n' };
      await test.app.db.insertInto('log_cosignatures').values(row).execute();
    }
    await test.app.db.insertInto('log_stamps').values({ size, at: story.at, tsr: 'AA==' }).execute();
    const { belief, limits } = describeStory(await storyOf(permissionId), 'de');
    expect(belief.join()).toContain('Der Zeuge „late.example“');
    expect(belief.join()).not.toContain('early.example');
    expect(belief.join()).toContain('Ein Zeitstempeldienst hat am 02.11.2026, 10:00:00 MEZ');
    expect(limits.join()).not.toContain('weder ein Zeuge');
  });

  it('holds 40 events, 3,000 characters of words and long names, and is made in seconds', async () => {
    const permissionId = await aPermission(test.app, 'an existing customer');
    for (let index = 0; index < 40; index += 1) {
      test.pass({ hours: 7 });
      const use = { permissionId, usedAt: test.app.now().toISOString(), campaign: `Aktion ${index}` };
      await test.app.db
        .transaction()
        .execute((tx) => recordUses(tx, use.usedAt, [use], { origin: 'api', actor: 'key' }));
    }
    const long = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(4);
    const read = await storyOf(permissionId);
    const story: Story = {
      ...read,
      controllers: read.controllers.map((one) => ({ ...one, legalName: `${long} GmbH` })),
      texts: read.texts.map((text) => ({ ...text, wording: 'Wort und noch ein Wort. '.repeat(125) })),
      person: { ...read.person, details: { family_name: long, company: long } },
    };
    const from = performance.now();
    const pdf = await renderNachweisPdf(story, { locale: 'de' });
    const millis = performance.now() - from;
    const pages = pdfPages(pdf);
    const all = pages.join('\n');
    const campaigns = Array.from({ length: 40 }, (_, index) => `Aktion ${index}`);
    expect(missingIn(all, ['Wort und noch ein Wort. '.repeat(125), ...campaigns])).toEqual([]);
    expect(pages[0]).toContain('40-mal genutzt');
    expect(pages.length).toBeLessThan(12);
    for (const [index, page] of pages.entries())
      expect(page).toContain(`Seite ${index + 1} von ${pages.length}`);
    // A busy machine takes its time.
    expect(millis).toBeLessThan(5000);
  });

  it('opens for legal, auditors and admins with a reason, which is audited; for nobody else', async () => {
    const permissionId = await aPermission(test.app, 'a signup on the web');
    const [point] = (await storyOf(permissionId)).person.contactPoints;
    const reason = 'Beschwerde vom 12. November, Az. 33 O 7368/23';
    const ask = async (role: Role, fields: Record<string, string>) => {
      const { email } = await aMember(test.app, role, `${newId()}@example.org`);
      const url = new URL('http://localhost:4321/staff/permissions/x/proof/y');
      const request = new Request(url, { method: 'POST', body: new URLSearchParams(fields) });
      const staff = await signedIn(test.app, email);
      const params = { point: point?.id ?? '', permission: permissionId };
      const locals = { app: test.app, staff };
      const clientAddress = '192.0.2.1';
      const context = { request, url, params, locals, clientAddress, response: { status: 200 } };
      return answerPost<Sheet | undefined>(context, proofActions);
    };
    for (const role of ['legal', 'auditor', 'admin'] as const) {
      const answer = await ask(role, { action: 'open', reason });
      expect(answer).toMatchObject({ status: 200, shown: { title: 'Nachweis einer Einwilligung' } });
    }
    const pdf = (await ask('auditor', { action: 'pdf', reason, at: '2026-11-02T10:00' })) as Response;
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(pdfPages(await pdf.bytes())[0]).toContain('Nachweis einer Einwilligung');
    // Without the key of the log nothing can be proved.
    expect(await ask('legal', { action: 'dossier', reason })).toMatchObject({ status: 422 });
    for (const role of ['agent', 'marketing'] as const) {
      await expect(ask(role, { action: 'dossier', reason })).rejects.toThrow('may not do proofs.read');
      await expect(ask(role, { action: 'open', reason })).rejects.toThrow('may not do proofs.read');
    }
    for (const wrong of [
      '',
      'kurz',
      'Frage von alice@example.org',
      'Rückruf +49 6181 123456',
      'x'.repeat(301),
    ]) {
      expect(await ask('legal', { action: 'open', reason: wrong })).toMatchObject({
        status: 422,
        faults: [{ field: 'reason' }],
      });
    }
    for (const at of ['2026-01-01T10:00', '2031-01-01T10:00', 'yesterday']) {
      expect(await ask('legal', { action: 'open', reason, at })).toMatchObject({
        status: 422,
        faults: [{ field: 'at' }],
      });
    }
    const entries = await test.app.db
      .selectFrom('audit_entries')
      .selectAll()
      .where('act', 'like', 'proof.%')
      .orderBy('id')
      .execute();
    expect(entries.map(({ act, subject }) => [act, subject])).toEqual([
      ...Array.from({ length: 3 }, () => ['proof.opened', `permission:${permissionId}`]),
      ['proof.pdf', `permission:${permissionId}`],
    ]);
    for (const { details } of entries) expect(JSON.parse(details)).toMatchObject({ reason });
  });
});

/** Those pieces that are not in the text, wherever its lines are broken. */
function missingIn(text: string, pieces: string[]): string[] {
  const whole = plain(text);
  return pieces.filter((piece) => !whole.includes(plain(piece)));
}

function plain(text: string): string {
  return text.replace(/\s+/g, '');
}

/** Everything that the page shows of a sheet. */
function wordsOf(sheet: Sheet): string {
  return JSON.stringify(sheet).replaceAll('\\n', ' ');
}
