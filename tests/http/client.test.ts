import { describe, expect, it } from 'vitest';
import type { App } from '#src/app/app.ts';
import { clientOf, httpUrl } from '#src/http/client.ts';

describe('clientOf', () => {
  it.each([
    [0, '1.1.1.1', '10.0.0.9'],
    [1, undefined, '10.0.0.9'],
    [1, '6.6.6.6, 2.2.2.2', '2.2.2.2'],
    [2, '6.6.6.6, 3.3.3.3, 2.2.2.2', '3.3.3.3'],
    [2, '2.2.2.2', '10.0.0.9'],
    [1, '2.2.2.2:40123', '2.2.2.2'],
    [1, '[2001:db8::1]:40123', '2001:db8::1'],
    [1, '2001:db8::1', '2001:db8::1'],
  ])('believes %i proxies of %j', (trustProxy, forwarded, address) => {
    const headers = forwarded ? { 'X-Forwarded-For': forwarded } : undefined;
    const request = new Request('http://x/', { headers });
    const locals = { app: { config: { trustProxy } } as App };
    expect(clientOf({ request, clientAddress: '10.0.0.9', locals }).address).toBe(address);
  });
});

describe('httpUrl', () => {
  it('takes addresses of the web and nothing else', () => {
    expect(httpUrl('https://www.example.org/page?x=1')).toBe('https://www.example.org/page?x=1');
    for (const text of [
      'javascript:alert(1)',
      'file:///etc/passwd',
      'x',
      '',
      null,
      `https://x/${'a'.repeat(500)}`,
    ]) {
      expect(httpUrl(text)).toBe(null);
    }
  });
});
