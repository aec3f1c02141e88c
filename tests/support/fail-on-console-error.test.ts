import { expect, it } from 'vitest';
import { takeConsoleErrors } from './fail-on-console-error.ts';

it('hands what went to console.error to a test that asks for it', () => {
  console.error('a warning', 7);
  expect(takeConsoleErrors()).toEqual(['a warning 7']);
});

it.fails('fails a test that did not ask', () => {
  console.error('unexpected');
});
