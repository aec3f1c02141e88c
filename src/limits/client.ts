import { networkPrefix } from './network-prefix.ts';

/** From where an act came. */
export interface Client {
  /** IP address; only its network is ever stored. */
  address: string;
  userAgent: string | null;
  /** The page that showed the form, where it was embedded. */
  pageUrl: string | null;
}

/** What evidence keeps of a client: the browser's family and nothing that tells one person from another. */
export function clientHint(client: Client): { user_agent: string | null; network: string | null } {
  return { user_agent: family(client.userAgent), network: null };
}

/** For limits only. */
export function clientNetwork(client: Client): string {
  return networkPrefix(client.address);
}

const families = ['Edg', 'OPR', 'SamsungBrowser', 'Firefox', 'Chrome', 'Safari', 'curl'];

function family(userAgent: string | null): string | null {
  if (!userAgent) return null;
  return families.find((name) => userAgent.includes(`${name}/`)) ?? 'other';
}
