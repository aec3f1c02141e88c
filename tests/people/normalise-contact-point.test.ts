import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskContactPoint, normaliseContactPoint } from '#src/people/normalise-contact-point.ts';
import type { ContactChannel } from '#src/people/normalised-contact-point.ts';

const lookUpValue = (channel: ContactChannel, typed: Parameters<typeof normaliseContactPoint>[1]) => {
  const result = normaliseContactPoint(channel, typed);
  return result.ok ? result.value : `fault: ${result.code}`;
};

describe('an e-mail address', () => {
  it.each([
    [' Anna@Example.ORG ', 'anna@example.org'],
    ['anna+news@example.org', 'anna+news@example.org'],
    ['"anna"@example.org', 'anna@example.org'],
    ['"anna muster"@example.org', '"anna muster"@example.org'],
    ['anna@Bücher.example', 'anna@xn--bcher-kva.example'],
    ['anna@XN--BCHER-KVA.example', 'anna@xn--bcher-kva.example'],
    ['Jo\u0308rg@example.org', 'jörg@example.org'],
    ['пример@пример.рф', 'пример@xn--e1afmkfd.xn--p1ai'],
    ['日本@日本語。jp', '日本@xn--wgv71a119e.jp'],
    [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
  ])('%j is found as %j', (typed, value) => {
    expect(lookUpValue('email', typed)).toBe(value);
  });

  it.each([
    ['', 'missing'],
    ['   ', 'missing'],
    ['anna', 'invalid'],
    ['@example.org', 'invalid'],
    ['anna@', 'invalid'],
    ['anna@localhost', 'invalid'],
    ['anna@[127.0.0.1]', 'invalid'],
    ['anna@127.0.0.1', 'invalid'],
    ['anna@example.org.', 'invalid'],
    ['anna@example..org', 'invalid'],
    ['anna..muster@example.org', 'invalid'],
    ['.anna@example.org', 'invalid'],
    ['anna muster@example.org', 'invalid'],
    ['anna@exa%6dple.org', 'invalid'],
    ['anna@example.org/x', 'invalid'],
    ['anna@foo_bar.org', 'invalid'],
    ['anna@-example.org', 'invalid'],
    ['Anna <anna@example.org>', 'invalid'],
    ['anna@example.org,bob@example.org', 'invalid'],
    ['anna@example.org\r\nBcc: bob@example.org', 'control_characters'],
    ['anna\0@example.org', 'control_characters'],
    ['anna@example.org\u2028', 'control_characters'],
    ['an\u200bna@example.org', 'hidden_characters'],
    ['\u202eanna@example.org', 'hidden_characters'],
    ['an\u00adna@example.org', 'hidden_characters'],
    ['anna@p\u0430ypal.com', 'mixed_scripts'],
    ['anna@xn--ypal-43d9g.com', 'mixed_scripts'],
    ['\u0430nna@example.org', 'mixed_scripts'],
    [`${'a'.repeat(65)}@example.org`, 'too_long'],
    [`${'ä'.repeat(33)}@example.org`, 'too_long'],
    [`anna@${'a'.repeat(64)}.org`, 'too_long'],
    [`anna@${'example.'.repeat(32)}org`, 'too_long'],
    ['a'.repeat(100_000), 'too_long'],
  ])('%j is refused as %s', (typed, code) => {
    expect(normaliseContactPoint('email', typed)).toEqual({ ok: false, code });
  });

  it('keeps what is sent as it was typed', () => {
    expect(normaliseContactPoint('email', 'Anna@Bücher.example')).toEqual({
      ok: true,
      value: 'anna@xn--bcher-kva.example',
      sendable: 'Anna@xn--bcher-kva.example',
      display: 'Anna@bücher.example',
    });
  });
});

describe('a number', () => {
  it.each<[ContactChannel, string, string]>([
    ['phone', '030 23125-000', '+493023125000'],
    ['phone', '+49 (0)30 23125 000', '+493023125000'],
    ['phone', '0049 30 23125000', '+493023125000'],
    ['phone', '\u202a+49 30 23125000\u202c', '+493023125000'],
    ['phone', '+41 44 668 18 00', '+41446681800'],
    ['fax', '089/1234-567', '+49891234567'],
    ['sms', '0170 1234567', '+491701234567'],
    ['sms', '+1 202 555 0143', '+12025550143'],
    ['phone', '', 'fault: missing'],
    ['phone', '123', 'fault: invalid'],
    ['phone', 'call me', 'fault: invalid'],
    ['phone', '+999 123456789', 'fault: invalid'],
    ['phone', '030 23125000 ext. 12', 'fault: invalid'],
    ['phone', '030 23125000\n110', 'fault: control_characters'],
    // A second reading would take off another zero, and make another number of it.
    ['phone', '000010', 'fault: invalid'],
    ['sms', '000010', 'fault: invalid'],
    ['phone', '+39 06 69812345', '+390669812345'],
    ['phone', '1'.repeat(1000), 'fault: too_long'],
    ['sms', '030 23125000', 'fault: not_mobile'],
  ])('on %s, %j becomes %s', (channel, typed, value) => {
    expect(lookUpValue(channel, typed)).toBe(value);
  });

  it('without a country code lies in the default country', () => {
    const typed = normaliseContactPoint('phone', '01 5124567', { defaultCountry: 'AT' });
    expect(typed).toMatchObject({ ok: true, value: '+4315124567' });
  });
});

describe('a postal address', () => {
  const anna = {
    given_name: 'Anna',
    family_name: 'Müller',
    street: 'Haupt-Straße 1 A',
    postal_code: '10115',
    city: 'Berlin',
    country: 'DE',
  };

  it.each([
    ['Anna Müller, Hauptstr. 1a, 10115 Berlin'],
    ['Anna  Mueller\nHAUPTSTRASSE 1A\nD-10115 Berlin'],
    ['Anna Müller; Hauptstraße 1a; 10115 Berlin; Deutschland'],
  ])('%j is the one of the form', (written) => {
    expect(lookUpValue('post', written)).toBe(lookUpValue('post', anna));
  });

  it('is not the one of a neighbour, nor the same street in another country', () => {
    const others = [{ given_name: 'Bob' }, { street: 'Hauptstr. 1b' }, { postal_code: '10117' }];
    const values = [anna, ...others.map((other) => ({ ...anna, ...other }))].map((one) =>
      lookUpValue('post', one),
    );
    expect(new Set(values).size).toBe(4);
    const wien = { ...anna, postal_code: '1010', city: 'Wien' };
    expect(lookUpValue('post', { ...wien, country: 'AT' })).toMatch(/^at\|1010 wien/);
    expect(lookUpValue('post', { ...wien, country: 'Österreich' })).toBe(
      lookUpValue('post', { ...wien, country: 'AT' }),
    );
  });

  it('takes names that fill both their fields, however their letters are counted', () => {
    const long = { ...anna, given_name: 'é'.repeat(200), family_name: '𝔐'.repeat(200) };
    expect(normaliseContactPoint('post', long)).toMatchObject({ ok: true });
    const { given_name, family_name, ...rest } = long;
    expect(normaliseContactPoint('post', { ...rest, name: `${given_name} ${family_name}` })).toMatchObject({
      ok: true,
    });
  });

  it('is written in lines, the country only when it is another', () => {
    expect(normaliseContactPoint('post', anna)).toMatchObject({
      display: 'Anna Müller\nHaupt-Straße 1 A\n10115 Berlin',
      sendable: 'Anna Müller\nHaupt-Straße 1 A\n10115 Berlin\nDE',
    });
  });

  it.each([
    [{ ...anna, street: '' }, 'missing'],
    [{ ...anna, postal_code: '1011' }, 'invalid'],
    [{ ...anna, country: 'Atlantis' }, 'invalid'],
    [{ ...anna, city: 'Ber\nlin' }, 'control_characters'],
    [{ ...anna, city: 'Ber\u200blin' }, 'hidden_characters'],
    [{ ...anna, city: 'B'.repeat(300) }, 'too_long'],
    ['', 'missing'],
    ['Berlin', 'invalid'],
    ['a|b', 'invalid'],
  ])('%j is refused as %s', (typed, code) => {
    expect(normaliseContactPoint('post', typed)).toEqual({ ok: false, code });
  });
});

describe('a masked contact point', () => {
  it.each<[ContactChannel, string, string]>([
    ['email', 'anna@example.org', 'an••@example.org'],
    ['email', 'bob@example.org', 'b••@example.org'],
    ['email', 'a@example.org', '••@example.org'],
    ['phone', '+491701234510', '+49 ••• •• 10'],
    ['post', 'Anna Müller\nHauptstr. 1\n10115 Berlin', '10••• Berlin'],
    ['post', 'Anna Müller\nRoad 1\nSW1A 1AA London\nGB', 'SW••• London'],
    ['email', 'nonsense', '••@••'],
    ['phone', 'nonsense', '••'],
    ['post', 'nonsense', '••'],
  ])('on %s, %j reads %j', (channel, value, masked) => {
    expect(maskContactPoint(channel, value)).toBe(masked);
  });
});

describe('whatever is typed', () => {
  const channels = fc.constantFrom<ContactChannel>('email', 'sms', 'phone', 'fax', 'post');
  const pieces = fc.constantFrom(
    ...[
      '@',
      '.',
      '"',
      '\\',
      ' ',
      ',',
      '|',
      '\n',
      '(0)',
      '+49',
      '00',
      'str.',
      'Straße',
      'ß',
      'İ',
      'Σ',
      'xn--',
      'ａ',
    ],
    ...[
      '\u0308',
      '\u200b',
      '\ud800',
      '。',
      'a',
      'DE',
      '10115 Berlin',
      'example.org',
      '170 1234567',
      'К',
      '%41',
      ':',
    ],
  );
  const typed = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.emailAddress(),
    fc
      .array(fc.oneof(pieces, fc.string({ unit: 'grapheme', maxLength: 3 }), fc.nat().map(String)), {
        maxLength: 12,
      })
      .map((parts) => parts.join('')),
    fc.tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.domain()).map((parts) => parts.join('@')),
    fc
      .tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))
      .map(([name, street]) => `${name}\n${street} 1\n10115 Berlin`),
  );

  it('gets an answer, and what is accepted means the same when it comes back', () => {
    fc.assert(
      fc.property(channels, typed, (channel, text) => {
        const first = normaliseContactPoint(channel, text);
        if (!first.ok) return;
        for (const again of [first.value, first.sendable, first.display]) {
          expect(normaliseContactPoint(channel, again)).toMatchObject({ ok: true, value: first.value });
        }
        expect(`${first.sendable}${first.value}`).not.toMatch(/\r|\0|\u200b|\u202e/);
        if (channel !== 'post') expect(first.sendable).not.toContain('\n');
      }),
      { numRuns: 3000 },
    );
  });

  it('is read in one look exactly as by all steps, which a space in front of it calls for', () => {
    const plain = fc.stringMatching(/^[a-z0-9.+_'-]{1,30}@[a-z0-9-]{1,20}(\.[a-z0-9-]{1,10}){1,3}$/);
    fc.assert(
      fc.property(fc.oneof(typed, plain, plain), (text) => {
        expect(normaliseContactPoint('email', text)).toEqual(normaliseContactPoint('email', ` ${text}`));
      }),
      { numRuns: 5000 },
    );
  });

  it('is masked without showing the whole of it', () => {
    fc.assert(
      fc.property(channels, typed, (channel, text) => {
        const masked = maskContactPoint(channel, text);
        const local = text.slice(0, Math.max(text.lastIndexOf('@'), 0));
        if (channel === 'email' && local !== '' && !local.includes('•')) {
          expect(masked.slice(0, masked.indexOf('••@'))).not.toContain(local);
        }
        if (channel === 'phone' && /\d{4}/.test(text)) expect(masked).not.toMatch(/\d{4}/);
      }),
      { numRuns: 3000 },
    );
  });
});
