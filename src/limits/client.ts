import type { Limit } from './count-hits.ts';
import { networkLevels, networkPrefix } from './network-prefix.ts';

/** Where a request came from. */
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

/** The network of a client, for limits only. */
export function clientNetwork(client: Client): string {
  return networkPrefix(client.address);
}

/** A limit for each network of the client, from narrow to wide. `within`: counts apart from other limits of this rule. */
export function networkLimits(
  client: Client,
  { rule, most, minutes, within }: Omit<Limit, 'subject'> & { within?: string },
): Limit[] {
  return networkLevels(client.address).map(({ network, times }) => ({
    rule,
    subject: within === undefined ? network : `${within} ${network}`,
    most: Math.ceil(most * times),
    minutes,
  }));
}

const families = ['Edg', 'OPR', 'SamsungBrowser', 'Firefox', 'Chrome', 'Safari', 'curl'];

function family(userAgent: string | null): string | null {
  if (!userAgent) return null;
  return families.find((name) => userAgent.includes(`${name}/`)) ?? 'other';
}
