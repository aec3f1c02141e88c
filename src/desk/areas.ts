import { type PageName, pages, paths } from '#src/routes.ts';
import { mayDo, type Role } from '#src/staff/roles.ts';

/** The navigation of the desks: areas in their order, by group, each with its first page. A new area is a line here. */
const groups = [
  {
    name: 'people',
    areas: [
      { name: 'permissions', page: 'staffPermissions' },
      { name: 'decisions', page: 'staffDecisions' },
      { name: 'letters', page: 'staffLetters' },
      { name: 'mails', page: 'staffMails' },
    ],
  },
  {
    name: 'words',
    areas: [
      { name: 'texts', page: 'staffTexts' },
      { name: 'forms', page: 'staffForms' },
      { name: 'purposes', page: 'staffPurposes' },
      { name: 'controllers', page: 'staffControllers' },
      { name: 'customers', page: 'staffCustomers' },
    ],
  },
  {
    name: 'figures',
    areas: [
      { name: 'figures', page: 'staffFigures' },
      { name: 'imports', page: 'staffImports' },
      { name: 'exports', page: 'staffExports' },
    ],
  },
  {
    name: 'operation',
    areas: [
      { name: 'people', page: 'staffMembers' },
      { name: 'keys', page: 'staffKeys' },
      { name: 'webhooks', page: 'staffWebhooks' },
      { name: 'calls', page: 'staffExport7a' },
      { name: 'audit', page: 'staffAudit' },
    ],
  },
] as const satisfies { name: string; areas: { name: string; page: PageName }[] }[];

type AreaGroup = (typeof groups)[number]['name'];
export type Area = (typeof groups)[number]['areas'][number]['name'];

interface AreaLink {
  name: Area;
  href: string;
}

/** The groups that hold something for this role, with the areas whose first page it may read. */
export function areaGroupsOf(role: Role): { name: AreaGroup; areas: AreaLink[] }[] {
  return groups
    .map(({ name, areas }) => ({
      name,
      areas: areas
        .filter(({ page }) => mayDo(role, pages[page].read))
        .map((area) => ({ name: area.name, href: paths[area.page]() })),
    }))
    .filter(({ areas }) => areas.length > 0);
}

/** All areas that this role may open. */
export function areasOf(role: Role): AreaLink[] {
  return areaGroupsOf(role).flatMap(({ areas }) => areas);
}
