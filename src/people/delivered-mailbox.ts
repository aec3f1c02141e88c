/**
 * The mailbox that an address delivers to. Used only to protect mailboxes (mail limits, the block after "that was not
 * me"), never as an identity: a permission belongs to the address as it was typed.
 *
 * Sub-addresses are removed (RFC 5233: `anna+news@` is `anna@`) for every provider, because wrongly sharing a limit
 * costs one mail, while not sharing it lets a flood through. Provider rules follow the providers' documentation.
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
  /** What starts the sub-address; default: a plus. */
  separator?: string | RegExp;
  /** Characters that the provider ignores when it compares addresses. */
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
  // A disposable address is `{name}-{keyword}`; account names never contain a hyphen.
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
