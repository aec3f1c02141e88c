import { describe, expect, it } from 'vitest';
import { likelyMeant } from '#src/components/likely-typo.ts';

describe('likelyMeant', () => {
  it.each([
    ['anna@homtail.com', 'anna@hotmail.com'],
    ['anna@gmial.com', 'anna@gmail.com'],
    ['anna@gmai.com', 'anna@gmail.com'],
    ['anna@gmaill.com', 'anna@gmail.com'],
    ['anna@gmail.con', 'anna@gmail.com'],
    ['a@b@wep.de', 'a@b@web.de'],
  ])('sees the slip in %s', (typed, meant) => {
    expect(likelyMeant(typed)).toBe(meant);
  });

  it.each([
    'anna@gmail.com',
    'anna@GMX.de',
    'anna@example.org',
    'anna@gmx.at',
    'anna@hotmail.fr',
    'anna',
    '',
  ])('leaves %j alone', (typed) => {
    expect(likelyMeant(typed)).toBe(undefined);
  });
});
