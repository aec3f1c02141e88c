import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findForm } from '#src/forms/find-form.ts';
import { draftOf } from '#src/forms/form-draft.ts';
import { parseSubmission } from '#src/forms/parse-submission.ts';
import { publishForm } from '#src/forms/publish-form.ts';
import { newId } from '#src/ids/new-id.ts';
import { openTestApp, parsed, type TestApp } from '#tests/support/app.ts';

describe('parseSubmission', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await openTestApp('sqlite');
  });
  afterAll(() => test.close());

  type Fields = Record<string, string | string[]>;
  const good = { email: 'anna@example.org', consent: 'product-news:email' };
  const issuesOf = async (fields: Fields, form = 'newsletter') => {
    const result = await parsed(test.app, form, fields);
    return result.ok ? [] : result.issues.map(({ field, code }) => `${field}: ${code}`);
  };

  it('takes what the form asks for', async () => {
    const result = await parsed(test.app, 'newsletter', { ...good, source: 'Messe' });
    expect(result).toMatchObject({
      ok: true,
      submission: {
        source: 'Messe',
        mailbox: { channel: 'email', value: 'anna@example.org' },
        consents: [{ consent: { value: 'product-news:email' }, address: { value: 'anna@example.org' } }],
      },
    });
  });

  it('takes every address that mail can be sent to', async () => {
    const local = 'a'.repeat(64);
    const domain = `${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(58)}.de`;
    const addresses = [
      'anna+news@example.org',
      '"anna b"@example.org',
      'anna@müller.example',
      `${local}@${domain}`,
    ];
    for (const email of addresses) expect(await issuesOf({ ...good, email }), email).toEqual([]);
    expect(`${local}@${domain}`).toHaveLength(254);
  });

  it.each([
    ['no address', { email: '' }, 'email: missing'],
    ['spaces for an address', { email: '   ' }, 'email: missing'],
    ['no @', { email: 'anna.example.org' }, 'email: invalid'],
    ['255 characters', { email: `${'a'.repeat(60)}@${'b.'.repeat(96)}de` }, 'email: too_long'],
    ['a line end', { email: 'anna@example.org\nBcc: all@example.org' }, 'email: control_characters'],
    ['a NUL', { email: 'anna\0@example.org' }, 'email: control_characters'],
    ['a direction mark', { email: 'anna\u202e@example.org' }, 'email: hidden_characters'],
    ['a zero-width space', { email: 'an\u200bna@example.org' }, 'email: hidden_characters'],
    ['two alphabets in one name', { email: 'anna@exаmple.org' }, 'email: mixed_scripts'],
    ['two addresses', { email: ['a@example.org', 'b@example.org'] }, 'email: repeated'],
    ['nothing ticked', { consent: [] }, 'consent: no_consent'],
    ['an unknown purpose', { consent: 'free-beer:email' }, 'consent: unknown_consent'],
    [
      'a channel that the form does not ask for',
      { consent: 'product-news:post' },
      'consent: unknown_consent',
    ],
    ['a purpose that is in no form', { consent: 'price-list:fax' }, 'consent: unknown_consent'],
    ['no form version', { form_version: '' }, 'form_version: unknown_version'],
    ['an invented form version', { form_version: newId() }, 'form_version: unknown_version'],
    ['markup for a form version', { form_version: '<script>' }, 'form_version: unknown_version'],
    ['a line end in the source', { source: 'a\r\nX-Spam: no' }, 'source: control_characters'],
    ['a long source', { source: 'x'.repeat(201) }, 'source: too_long'],
  ])('refuses %s', async (_, change, issue) => {
    expect(await issuesOf({ ...good, ...(change as Fields) })).toEqual([issue]);
  });

  it('refuses the version of another form', async () => {
    const fair = await findForm(test.app.db, 'fair');
    expect(await issuesOf({ ...good, form_version: fair?.version.id ?? '' })).toEqual([
      'form_version: unknown_version',
    ]);
  });

  it('asks for a number only of who wants to be called, and for an address of who wants post', async () => {
    expect(await issuesOf(good, 'fair')).toEqual([]);
    expect(await issuesOf({ ...good, consent: ['service-calls:phone'] }, 'fair')).toEqual(['phone: missing']);
    expect(await issuesOf({ ...good, consent: ['product-news:post'], city: 'Hanau' }, 'fair')).toEqual([
      'street: missing',
      'postal_code: missing',
    ]);
    expect(await issuesOf({ ...good, consent: 'service-calls:phone', phone: '12' }, 'fair')).toEqual([
      'phone: invalid',
    ]);
  });

  it('keeps everything that was typed and ticked, also what it does not know', async () => {
    const typed = {
      email: '<b>anna',
      given_name: '"A" & B',
      consent: ['product-news:email', 'x'],
      extra: 'y',
    };
    const result = await parsed(test.app, 'fair', typed);
    expect(result).toMatchObject({
      ok: false,
      kept: {
        fields: { email: '<b>anna', given_name: '"A" & B', extra: 'y' },
        consents: ['product-news:email', 'x'],
      },
    });
  });

  it('takes each box once, however often it is sent', async () => {
    const result = await parsed(test.app, 'newsletter', {
      ...good,
      consent: ['product-news:email', 'product-news:email'],
    });
    expect(result.ok && result.submission.consents).toHaveLength(1);
  });

  it('never throws, whatever comes', async () => {
    const names = [
      'email',
      'consent',
      'form_version',
      'source',
      'phone',
      'street',
      'given_name',
      '__proto__',
    ];
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constant('product-news:email'));
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...names), fc.array(value, { maxLength: 3 })),
        async (fields) => {
          const result = await parsed(test.app, 'fair', fields);
          expect(result.ok || result.issues.length > 0).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes an older version while its words still stand, and asks again once they do not', async () => {
    const { app } = test;
    const before = await findForm(app.db, 'newsletter');
    if (!before) throw new Error('no form');
    const { definition, id } = before.version;
    await app.db
      .transaction()
      .execute((tx) =>
        publishForm(
          tx,
          before.id,
          { ...draftOf(definition), consents: ['product-news:email'] },
          app.now().toISOString(),
        ),
      );
    const now = await findForm(app.db, 'newsletter');
    if (!now) throw new Error('no form');
    const fields = { email: ['anna@example.org'], consent: ['partner-offers:email'], form_version: [id] };
    const old = await parseSubmission(app.db, now, fields, 'de');
    expect(old.ok && old.submission.version.id).toBe(id);
    const text = definition.consents.find((consent) => consent.value === 'partner-offers:email')?.texts.de;
    await app.db
      .updateTable('consent_texts')
      .set({ live_version_id: null })
      .where('live_version_id', '=', text?.id ?? '')
      .execute();
    const late = await parseSubmission(app.db, now, fields, 'de');
    expect(late).toMatchObject({ ok: false, issues: [{ field: 'form_version', code: 'box_gone' }] });
  });
});
