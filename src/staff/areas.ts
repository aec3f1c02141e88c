import { type Ability, mayDo, type Role } from './roles.ts';

/** The areas of the desks in their order, and the ability that opens each. A new area is a line here. */
const areas = [
  { name: 'permissions', href: '/staff/permissions', ability: 'permissions.read' },
  { name: 'letters', href: '/staff/letters', ability: 'letters.read' },
  { name: 'mails', href: '/staff/mails', ability: 'mails.read' },
  { name: 'imports', href: '/staff/imports', ability: 'imports.read' },
  { name: 'exports', href: '/staff/exports', ability: 'exports.read' },
  { name: 'texts', href: '/staff/texts', ability: 'texts.read' },
  { name: 'forms', href: '/staff/forms', ability: 'forms.read' },
  { name: 'figures', href: '/staff/figures', ability: 'dashboard.read' },
  { name: 'purposes', href: '/staff/purposes', ability: 'purposes.read' },
  { name: 'controllers', href: '/staff/controllers', ability: 'purposes.read' },
  { name: 'keys', href: '/staff/keys', ability: 'keys.read' },
  { name: 'webhooks', href: '/staff/webhooks', ability: 'webhooks.read' },
  { name: 'people', href: '/staff/people', ability: 'staff.read' },
  { name: 'audit', href: '/staff/audit', ability: 'audit.read' },
] as const satisfies { name: string; href: string; ability: Ability }[];

export type Area = (typeof areas)[number]['name'];

export function areasOf(role: Role) {
  return areas.filter(({ ability }) => mayDo(role, ability));
}
