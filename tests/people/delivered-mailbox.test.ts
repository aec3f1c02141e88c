import { describe, expect, it } from 'vitest';
import { deliveredMailbox } from '#src/people/delivered-mailbox.ts';

describe('deliveredMailbox', () => {
  it.each([
    ['anna@example.org', 'anna@example.org'],
    ['anna+news@example.org', 'anna@example.org'],
    ['anna+a+b@example.org', 'anna@example.org'],
    ['ANNA+News@Example.org', 'anna@example.org'],
    ['"anna b+news"@example.org', 'anna b@example.org'],
    ['a.n.n.a+x@gmail.com', 'anna@gmail.com'],
    ['an.na@googlemail.com', 'anna@gmail.com'],
    ['an.na_b-c+x@pm.me', 'annabc@proton.me'],
    ['anna+x@me.com', 'anna@icloud.com'],
    ['an-na@ya.ru', 'anna@yandex.ru'],
    ['anna-shop1@yahoo.de', 'anna@yahoo.de'],
    ['shop@anna.fastmail.com', 'anna@fastmail.com'],
    ['anna+shop@fastmail.com', 'anna@fastmail.com'],
  ])('takes %s to %s', (address, mailbox) => {
    expect(deliveredMailbox(address)).toBe(mailbox);
  });

  it.each([
    ['an.na@example.org', 'anna@example.org'],
    ['anna-maria@example.org', 'anna@example.org'],
    ['anna@yahoo.de', 'anna@yahoo.com'],
    ['anna@gmail.com', 'anna@gmx.de'],
    ['+1@example.org', '+2@example.org'],
    ['...@gmail.com', '@gmail.com'],
  ])('keeps %s and %s apart', (one, other) => {
    expect(deliveredMailbox(one)).not.toBe(deliveredMailbox(other));
  });

  it('changes nothing the second time', () => {
    for (const address of ['a.b+c@gmail.com', 'x@anna.fastmail.fm', 'anna-x+y@yahoo.com']) {
      const once = deliveredMailbox(address);
      expect(deliveredMailbox(once)).toBe(once);
    }
  });
});
