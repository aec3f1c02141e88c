import { afterEach, beforeEach, expect, vi } from 'vitest';

let errors: string[] = [];

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation((...words) => {
    errors.push(words.map(String).join(' '));
  });
});

afterEach(() => {
  expect(takeConsoleErrors(), 'console.error was called; a test that expects it takes it').toEqual([]);
});

/** What went to `console.error` so far. A test that takes it has asked for it, and does not fail. */
export function takeConsoleErrors(): string[] {
  const taken = errors;
  errors = [];
  return taken;
}
