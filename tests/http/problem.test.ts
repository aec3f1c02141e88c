import { describe, expect, it } from 'vitest';
import { Problem, problemJson, problemOf, wantsJson } from '#src/http/problem.ts';

describe('problemOf', () => {
  it('knows a problem, and takes anything else for an error of ours', () => {
    expect(problemOf(new Problem(413))).toMatchObject({ status: 413 });
    expect(problemOf(new Error('x'))).toEqual({ status: 500 });
    expect(problemOf('x')).toEqual({ status: 500 });
  });
});

describe('wantsJson', () => {
  it.each([
    ['application/json', true],
    ['application/problem+json', true],
    ['application/json, text/plain, */*', true],
    ['text/html,application/xhtml+xml,application/json;q=0.9', false],
    ['*/*', false],
    ['', false],
  ])('of %j is %j', (accept, expected) => {
    expect(wantsJson(new Request('http://x/', { headers: { accept } }))).toBe(expected);
  });
});

describe('problemJson', () => {
  it('is what RFC 9457 says', async () => {
    const errors = [{ pointer: '/email', code: 'missing', message: 'Please enter your e-mail address.' }];
    const response = problemJson({ status: 429, headers: { 'Retry-After': '9' } }, 'Busy', errors);
    expect(response.status).toBe(429);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('retry-after')).toBe('9');
    expect(await response.json()).toEqual({ type: 'about:blank', title: 'Busy', status: 429, errors });
  });
});
