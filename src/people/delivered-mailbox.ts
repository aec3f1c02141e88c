/**
 * The mailbox that an address delivers to, for what protects a mailbox: mail limits and the block after "that was not
 * me". Never for identity: a permission belongs to the address as it was typed.
 *
 * Folded: sub-addresses (RFC 5233: `anna+news@` is `anna@`, at every provider, since a limit that is shared by mistake
 * costs one mail, and one that is not shared lets a flood through), and what providers document about their own domains.
 */
export function deliveredMailbox(address: string): string {
  const lower = address.toLowerCase();
  const at = lower.lastIndexOf('@');
  const local = lower.slice(0, at).replace(/^"(.*)"$/, '$1');
  const domain = lower.slice(at + 1);
  const owner = subdomainOwner(local, domain);
  const provider = providers.get(owner.domain);
  const plain = cutAt(owner.local, provider?.separator ?? '+');
  const folded = provider?.ignored ? plain.replaceAll(provider.ignored, '') : plain;
  return `${folded || plain}@${provider?.domain ?? owner.domain}`;
}

interface Provider {
  domains: string[];
  /** What begins the sub-address, where it is not a plus alone. */
  separator?: string | RegExp;
  /** What the provider leaves out when it compares. */
  ignored?: RegExp;
}

const sameMailbox: Provider[] = [
  { domains: ['gmail.com', 'googlemail.com'], ignored: /\./g },
  { domains: ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'], ignored: /[._-]/g },
  { domains: ['icloud.com', 'me.com', 'mac.com'] },
  {
    domains: ['yandex.ru', 'yandex.com', 'yandex.by', 'yandex.kz', 'yandex.ua', 'ya.ru'],
    ignored: /[.-]/g,
  },
  { domains: ['fastmail.com'] },
  { domains: ['fastmail.fm'] },
  // A disposable address is `{name}-{keyword}`, and no name of an account holds a hyphen.
  ...['de', 'com', 'at', 'ch', 'co.uk', 'fr', 'it', 'es'].map((end) => ({
    domains: [`yahoo.${end}`],
    separator: /[+-]/,
  })),
  { domains: ['ymail.com'], separator: /[+-]/ },
  { domains: ['rocketmail.com'], separator: /[+-]/ },
];

const providers = new Map(
  sameMailbox.flatMap(({ domains, ...rules }) =>
    domains.map((domain) => [domain, { ...rules, domain: domains[0] ?? domain }] as const),
  ),
);

/** Fastmail delivers `anything@anna.fastmail.com` to `anna@fastmail.com`. */
function subdomainOwner(local: string, domain: string): { local: string; domain: string } {
  const [, owner, host] = /^([^.]+)\.(fastmail\.(?:com|fm))$/.exec(domain) ?? [];
  return owner && host ? { local: owner, domain: host } : { local, domain };
}

function cutAt(local: string, separator: string | RegExp): string {
  const [before = ''] = local.split(separator, 1);
  return before === '' ? local : before;
}
