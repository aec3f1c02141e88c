import { describe, expect, it } from 'vitest';
import { newId } from '#src/ids/new-id.ts';
import { holdsSecret, withoutIds } from './secrets.ts';

describe('holdsSecret', () => {
  it.each([
    ['a code in a row', '{"code":"012345"}'],
    ['a code as a number of its own', '{"code":012345}'],
    ['a code on a line of a mail that is kept as JSON', '{"text":"Your code:\\n012345\\n"}'],
    ['a code in an address', 'GET /f/newsletter/sent?code=012345 200'],
    ['a code at the very end', 'the code 012345'],
  ])('finds %s', (_, text) => {
    expect(holdsSecret(text, '012345')).toBe(true);
  });

  it('finds anything longer wherever it stands', () => {
    expect(holdsSecret('xxalice@example.orgxx', 'alice@example.org')).toBe(true);
  });

  it.each(['{"sha256":"ab012345cd"}', '{"time":1790123456789}', '019dd012345a-7000', 'a-012345-b'])(
    'takes no digits of %s for a code',
    (text) => {
      expect(holdsSecret(text, '012345')).toBe(false);
    },
  );
});

it('leaves all but the ids in the rows', () => {
  expect(withoutIds([{ id: newId(), number: '+49 6181 1' }])).toBe('[{"id":"id","number":"+49 6181 1"}]');
});
