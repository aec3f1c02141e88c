import { type PageName, pages, paths } from '#src/routes.ts';
import { mayDo, type Role } from '#src/staff/roles.ts';

/** The areas of the desks in the order of their navigation, each with its first page. */
const areas = [
  { name: 'permissions', page: 'staffPermissions' },
  { name: 'letters', page: 'staffLetters' },
  { name: 'mails', page: 'staffMails' },
  { name: 'imports', page: 'staffImports' },
  { name: 'exports', page: 'staffExports' },
  { name: 'texts', page: 'staffTexts' },
  { name: 'forms', page: 'staffForms' },
  { name: 'figures', page: 'staffFigures' },
  { name: 'purposes', page: 'staffPurposes' },
  { name: 'controllers', page: 'staffControllers' },
  { name: 'keys', page: 'staffKeys' },
  { name: 'webhooks', page: 'staffWebhooks' },
  { name: 'people', page: 'staffMembers' },
  { name: 'audit', page: 'staffAudit' },
] as const satisfies { name: string; page: PageName }[];

export type Area = (typeof areas)[number]['name'];

/** Those whose first page this role may read. */
export function areasOf(role: Role): { name: Area; href: string }[] {
  return areas
    .filter(({ page }) => mayDo(role, pages[page].read))
    .map(({ name, page }) => ({ name, href: paths[page]() }));
}
