/** What a page allows, and what its headers depend on. */
export interface Exposure {
  /** Origins that may show the page in a frame. Nobody by default. */
  framedBy: string[];
  /** It shows pages of this site in frames. */
  showsFrames: boolean;
  /**
   * It runs scripts of this site. Of the pages for people only a form does that stands in a frame, asks for a
   * proof of work or is shown at a stand.
   */
  runsScripts?: boolean;
  /** The address itself is a secret, or the page shows something about a person. */
  behindLink: boolean;
  /** The instance is reached over TLS. */
  secure: boolean;
}

/** Browser features that no page uses. */
export const permissionsPolicy =
  'camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()';

/** Only where the instance is reached over TLS. */
export const strictTransport = { 'Strict-Transport-Security': 'max-age=31536000' };

/** Sets what the answer does not set itself. */
export function setSecurityHeaders(headers: Headers, exposure: Exposure): void {
  for (const [name, value] of Object.entries(securityHeaders(exposure))) {
    if (!headers.has(name)) headers.set(name, value);
  }
}

/** For answers that are no pages: files, probes, refusals. */
export function plainSecurityHeaders(baseUrl: string): Record<string, string> {
  const secure = baseUrl.startsWith('https:');
  return securityHeaders({ framedBy: [], showsFrames: false, behindLink: false, secure });
}

function securityHeaders(exposure: Exposure): Record<string, string> {
  const { framedBy, behindLink, secure } = exposure;
  const defaults: Record<string, string> = {
    'Content-Security-Policy': contentPolicy(exposure),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': behindLink ? 'no-referrer' : 'strict-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': permissionsPolicy,
    'Cache-Control': behindLink ? 'no-store' : 'private, no-cache',
  };
  if (framedBy.length === 0) defaults['X-Frame-Options'] = 'DENY';
  if (behindLink) defaults['X-Robots-Tag'] = 'noindex, nofollow';
  if (secure) Object.assign(defaults, strictTransport);
  return defaults;
}

// Browsers apply form-action to redirects as well; every form here leads back to this site.
function contentPolicy({ framedBy, showsFrames, runsScripts }: Exposure): string {
  return [
    "default-src 'none'",
    ...(runsScripts ? ["script-src 'self'", "connect-src 'self'"] : []),
    "style-src 'self'",
    "img-src 'self'",
    ...(showsFrames ? ["frame-src 'self'"] : []),
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${framedBy.length > 0 ? framedBy.join(' ') : "'none'"}`,
  ].join('; ');
}
