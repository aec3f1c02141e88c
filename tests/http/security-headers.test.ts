import { describe, expect, it } from 'vitest';
import { type Exposure, setSecurityHeaders } from '#src/http/security-headers.ts';

const plain: Exposure = { framedBy: [], showsFrames: false, behindLink: false, secure: false };

describe('setSecurityHeaders', () => {
  it('lets a page load nothing but its own style and images, and be framed by nobody', () => {
    const headers = headersFor(plain);
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('strict-transport-security')).toBe(null);
  });

  it('lets the sites of a form frame it', () => {
    const headers = headersFor({ ...plain, framedBy: ['https://a.example', 'https://b.example'] });
    expect(headers.get('content-security-policy')).toContain(
      'frame-ancestors https://a.example https://b.example',
    );
    expect(headers.get('x-frame-options')).toBe(null);
  });

  it('lets the form in a frame run its own script, and none written into the page', () => {
    const policy = headersFor({ ...plain, runsScripts: true }).get('content-security-policy');
    expect(policy).toContain("; script-src 'self';");
    expect(policy).not.toContain('unsafe');
  });

  it('keeps pages behind a link out of caches, indexes and referrers', () => {
    const headers = headersFor({ ...plain, behindLink: true });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-robots-tag')).toContain('noindex');
  });

  it('insists on TLS where there is TLS', () => {
    expect(headersFor({ ...plain, secure: true }).get('strict-transport-security')).toContain(
      'max-age=31536000',
    );
  });

  it('leaves alone what the answer says itself', () => {
    const headers = new Headers({ 'Cache-Control': 'public' });
    setSecurityHeaders(headers, plain);
    expect(headers.get('cache-control')).toBe('public');
  });
});

function headersFor(exposure: Exposure): Headers {
  const headers = new Headers();
  setSecurityHeaders(headers, exposure);
  return headers;
}
