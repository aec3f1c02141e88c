import { describe, expect, it } from 'vitest';
import { cutLink } from '#src/links/cut-link.ts';

const token = 'AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbC-_';

describe('cutLink', () => {
  it.each([
    '.',
    ',',
    ';',
    ':',
    '!',
    '?',
    ')',
    ').',
    ']',
    '}',
    '>',
    '"',
    "'",
    '”',
    '“',
    '»',
    '…',
    ' ',
    '\u00a0',
    '\u200b',
    '=',
    '=3D',
    '&utm_source=x',
    ';jsessionid=1',
    '*',
    '**',
    '_',
    '__',
    '-',
    '--',
    '%',
    '\\',
    '|',
    '`',
    '~',
    '+',
    '/',
    '#x',
    '</a>',
    '\r\n',
  ])('cuts %j behind a token', (behind) => {
    expect(cutLink(token + behind)).toBe(token);
  });

  it.each([43, 50, 55, 71])('keeps a secret of %i characters that ends in a dash or underscore', (length) => {
    for (const end of ['-', '_', '--', '_-']) {
      const secret = 'x'.repeat(length - end.length) + end;
      for (const behind of ['', '.', '_', '-_']) expect(cutLink(secret + behind)).toBe(secret);
    }
  });

  it('makes nothing right that is not', () => {
    expect(cutLink(`${token.slice(0, -1)}.`)).toBe(token.slice(0, -1));
    expect(cutLink(`${token}x`)).toBe(`${token}x`);
    expect(cutLink(`.${token}`)).toBe('');
    expect(cutLink('')).toBe('');
  });
});
