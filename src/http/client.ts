import type { App } from '#src/app.ts';
import type { Client } from '#src/evidence/client.ts';

/** From where a request came, believing as many proxies as the operator said there are. */
export function clientOf(context: { request: Request; clientAddress: string; locals: { app: App } }): Client {
  const { headers } = context.request;
  return {
    address: addressBehind(context.locals.app.config.trustProxy, headers, context.clientAddress),
    userAgent: headers.get('user-agent')?.slice(0, 300) ?? null,
    pageUrl: pageUrlOf(headers.get('referer')),
  };
}

// Each proxy appends the address it was called from, so the last ones are true and the first may be invented.
function addressBehind(proxies: number, headers: Headers, peer: string): string {
  const chain = (headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
  return (proxies > 0 && chain.at(-proxies)) || peer;
}

function pageUrlOf(referer: string | null): string | null {
  return referer && URL.canParse(referer) && /^https?:/.test(referer) ? referer.slice(0, 500) : null;
}
