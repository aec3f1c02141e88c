import type { App } from '#src/app/app.ts';
import type { Client } from '#src/limits/client.ts';
import type { RequestLike } from './request-like.ts';

interface RequestContext {
  request: RequestLike;
  clientAddress: string;
  locals: { app: App };
}

/** Where a request came from. Trusts as many proxies as TRUST_PROXY says. */
export function clientOf(context: RequestContext, pageUrl: string | null = null): Client {
  const { headers } = context.request;
  return {
    address: addressBehind(context.locals.app.config.trustProxy, headers, context.clientAddress),
    userAgent: headers.get('user-agent')?.slice(0, 300) ?? null,
    pageUrl,
  };
}

const longestUrl = 500;

/** The URL if it is http or https, else null: it comes from outside and becomes part of the evidence. */
export function httpUrl(text: string | null | undefined): string | null {
  if (!text || text.length > longestUrl || !URL.canParse(text)) return null;
  const { protocol, href } = new URL(text);
  return protocol === 'http:' || protocol === 'https:' ? href : null;
}

// Each proxy appends the address that it was called from: the last ones are true, the first may be invented.
function addressBehind(proxies: number, headers: RequestLike['headers'], peer: string): string {
  const chain = (headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map((address) => withoutPort(address.trim()))
    .filter((address) => address !== '');
  return (proxies > 0 && chain.at(-proxies)) || peer;
}

/** Some proxies add the port, which is another one for each connection: `1.2.3.4:5678`, `[2001:db8::1]:5678`. */
function withoutPort(address: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(address)?.[1] ?? /^([\d.]+):\d+$/.exec(address)?.[1] ?? address;
}
