import { type Act, mayDo, type Role } from './roles.ts';

/** The areas of the desks in their order, and the act that opens each. A new area is a line here. */
const areas = [
  { name: 'permissions', href: '/staff/permissions', act: 'permissions.read' },
  { name: 'letters', href: '/staff/letters', act: 'letters.read' },
  { name: 'mails', href: '/staff/mails', act: 'mails.read' },
  { name: 'imports', href: '/staff/imports', act: 'imports.read' },
  { name: 'exports', href: '/staff/exports', act: 'exports.read' },
  { name: 'texts', href: '/staff/texts', act: 'texts.read' },
  { name: 'forms', href: '/staff/forms', act: 'forms.read' },
  { name: 'figures', href: '/staff/figures', act: 'dashboard.read' },
  { name: 'purposes', href: '/staff/purposes', act: 'purposes.read' },
  { name: 'controllers', href: '/staff/controllers', act: 'purposes.read' },
  { name: 'keys', href: '/staff/keys', act: 'keys.read' },
  { name: 'webhooks', href: '/staff/webhooks', act: 'webhooks.read' },
  { name: 'people', href: '/staff/people', act: 'staff.read' },
  { name: 'audit', href: '/staff/audit', act: 'audit.read' },
] as const satisfies { name: string; href: string; act: Act }[];

export type Area = (typeof areas)[number]['name'];

export function areasOf(role: Role) {
  return areas.filter(({ act }) => mayDo(role, act));
}
