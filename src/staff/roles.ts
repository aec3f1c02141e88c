/** Who may do what, as data. What is not listed nobody may do. */
export type Role = 'admin' | 'legal' | 'marketing' | 'agent' | 'auditor';

export const roles: Role[] = ['admin', 'legal', 'marketing', 'agent', 'auditor'];

const everyone: Role[] = roles;

/** What a role may do at the desks. An auditor reads everything and does nothing but look after the own account. */
export const abilities = {
  'account.change': everyone,
  'staff.read': ['admin', 'auditor'],
  'staff.change': ['admin'],
  'audit.read': ['admin', 'auditor'],
  'texts.read': everyone,
  'texts.write': ['legal', 'admin'],
  'texts.approve': ['legal', 'admin'],
  'purposes.read': everyone,
  'purposes.write': ['legal', 'admin'],
  'forms.read': everyone,
  'forms.write': ['marketing', 'admin'],
  'permissions.read': ['agent', 'legal', 'admin', 'auditor'],
  'permissions.capture': ['agent', 'admin'],
  'letters.read': ['agent', 'legal', 'admin', 'auditor'],
  'letters.print': ['agent', 'admin'],
  'mails.read': ['agent', 'admin', 'auditor'],
  'mails.send': ['agent', 'admin'],
  'dashboard.read': everyone,
  'keys.read': ['legal', 'admin', 'auditor'],
  'keys.write': ['admin'],
  // A key that may do alone what takes two people; whoever made it never approves it, which the use case holds.
  'keys.approve': ['legal', 'admin'],
  'webhooks.read': ['admin', 'auditor'],
  'webhooks.write': ['admin'],
  'imports.read': ['agent', 'legal', 'admin', 'auditor'],
  // Who files a file is never who lets it in; the use case holds that.
  'imports.file': ['agent', 'legal', 'admin'],
  'imports.release': ['legal', 'admin'],
  'exports.read': ['marketing', 'admin', 'auditor'],
  'exports.take': ['marketing', 'admin'],
  'exports.addresses': ['admin'],
} satisfies Record<string, Role[]>;

export type Ability = keyof typeof abilities;

export function mayDo(role: Role, ability: Ability): boolean {
  return (abilities[ability] as Role[]).includes(role);
}

/** The ability that an address under /staff needs, for looking and for posting; the first match counts. */
export interface PageRule {
  path: RegExp;
  read: Ability | 'anyone';
  post: Ability | 'anyone' | 'nobody';
}

export const pageRules: PageRule[] = [
  { path: /^\/staff\/sign-in$/, read: 'anyone', post: 'anyone' },
  { path: /^\/staff\/sign-out$/, read: 'anyone', post: 'account.change' },
  { path: /^\/staff\/resume$/, read: 'anyone', post: 'nobody' },
  { path: /^\/staff\/code$/, read: 'anyone', post: 'anyone' },
  { path: /^\/staff\/password(\/.*)?$/, read: 'anyone', post: 'anyone' },
  { path: /^\/staff$/, read: 'account.change', post: 'nobody' },
  { path: /^\/staff\/account(\/.*)?$/, read: 'account.change', post: 'account.change' },
  { path: /^\/staff\/people(\/.*)?$/, read: 'staff.read', post: 'staff.change' },
  { path: /^\/staff\/audit$/, read: 'audit.read', post: 'nobody' },
  { path: /^\/staff\/(purposes|controllers)(\/.*)?$/, read: 'purposes.read', post: 'purposes.write' },
  { path: /^\/staff\/texts(\/.*)?$/, read: 'texts.read', post: 'texts.write' },
  { path: /^\/staff\/figures(\/.*)?$/, read: 'dashboard.read', post: 'nobody' },
  { path: /^\/staff\/forms\/[^/]+\/figures(\/.*)?$/, read: 'dashboard.read', post: 'nobody' },
  { path: /^\/staff\/forms(\/.*)?$/, read: 'forms.read', post: 'forms.write' },
  { path: /^\/staff\/keys(\/.*)?$/, read: 'keys.read', post: 'keys.approve' },
  { path: /^\/staff\/webhooks(\/.*)?$/, read: 'webhooks.read', post: 'webhooks.write' },
  { path: /^\/staff\/imports$/, read: 'imports.read', post: 'nobody' },
  { path: /^\/staff\/imports\/new$/, read: 'imports.file', post: 'imports.file' },
  { path: /^\/staff\/imports\/.+$/, read: 'imports.read', post: 'imports.file' },
  { path: /^\/staff\/exports$/, read: 'exports.read', post: 'exports.take' },
  // An address is never in a URL, so looking one up is a POST; the use cases hold who may change anything.
  { path: /^\/staff\/permissions$/, read: 'permissions.read', post: 'permissions.read' },
  { path: /^\/staff\/permissions\/.+$/, read: 'permissions.read', post: 'permissions.capture' },
  { path: /^\/staff\/mails$/, read: 'mails.read', post: 'mails.send' },
  { path: /^\/staff\/letters$/, read: 'letters.read', post: 'letters.print' },
  { path: /^\/staff\/letters\/run\/[^/]+$/, read: 'letters.read', post: 'letters.print' },
  { path: /^\/staff\/letters\/(run\/[^/]+\/)?[^/]+\.pdf$/, read: 'letters.read', post: 'nobody' },
];

/** Deny by default: an address without a rule is nobody's. */
export function pageRule(pathname: string): PageRule | undefined {
  const path = pathname.replace(/\/+$/, '') || '/';
  return pageRules.find((rule) => rule.path.test(path));
}
