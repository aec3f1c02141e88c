/** Who may do what, as data. Everything not listed is denied. */
export type Role = 'admin' | 'legal' | 'marketing' | 'agent' | 'auditor';

export const roles: Role[] = ['admin', 'legal', 'marketing', 'agent', 'auditor'];

const everyone: Role[] = roles;

/** What a role may do at the desks. An auditor reads everything and does nothing but look after the own account. */
export const abilities = {
  'account.change': everyone,
  'search.read': everyone,
  'staff.read': ['admin', 'auditor'],
  'staff.change': ['admin'],
  'audit.read': ['admin', 'auditor'],
  'texts.read': everyone,
  'texts.write': ['legal', 'admin'],
  'texts.approve': ['legal', 'admin'],
  'purposes.read': everyone,
  'purposes.write': ['legal', 'admin'],
  'decisions.read': ['legal', 'admin', 'auditor'],
  'customers.read': everyone,
  // Who proposes a rule never approves it; the use case holds that.
  'customers.write': ['legal', 'admin'],
  'forms.read': everyone,
  'forms.write': ['marketing', 'admin'],
  'permissions.read': ['agent', 'legal', 'admin', 'auditor'],
  'permissions.capture': ['agent', 'admin'],
  /** The whole story of a permission. Each look needs a reason, which is audited. */
  'proofs.read': ['legal', 'admin', 'auditor'],
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
  // Names and numbers in clear, for an authority; with a reason.
  'calls.read': ['legal', 'admin', 'auditor'],
} satisfies Record<string, Role[]>;

export type Ability = keyof typeof abilities;

export function mayDo(role: Role, ability: Ability): boolean {
  return (abilities[ability] as Role[]).includes(role);
}
