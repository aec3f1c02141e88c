import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalWording, wordingHash } from '#src/consent-texts/canonical-wording.ts';

describe('canonicalWording', () => {
  it('keeps one space between words and none at the ends', () => {
    expect(canonicalWording('  Ja,\n\tdie  Muster\u00a0GmbH \u2028darf. ')).toBe('Ja, die Muster GmbH darf.');
  });

  it('composes letters', () => {
    expect(canonicalWording('fu\u0308r')).toBe('für');
  });

  it('changes nothing else, not even what is invisible or disguised', () => {
    const odd = '<b>Ja</b>\u00ad \u202eGmbH\u200b \ufeff P\u0430rtner';
    expect(canonicalWording(odd)).toBe(odd);
  });

  it('leaves a canonical wording as it is', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(text, (wording) => {
        const once = canonicalWording(wording);
        expect(canonicalWording(once)).toBe(once);
      }),
    );
  });
});

describe('wordingHash', () => {
  it('is the SHA-256 of the canonical text in UTF-8, in hex', () => {
    const expected = createHash('sha256').update(Buffer.from('Ja, für Köln.', 'utf8')).digest('hex');
    expect(wordingHash(' Ja, fu\u0308r\u00a0Köln.\n')).toBe(expected);
    expect(wordingHash('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('tells two wordings apart by a single letter', () => {
    expect(wordingHash('Ja, die Muster GmbH')).not.toBe(wordingHash('Ja, die Muster Gmbh'));
  });
});
