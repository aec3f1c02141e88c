import { demoKey } from '#src/exchange/api-keys.ts';
import type { PlainKey } from '#src/i18n/translate.ts';
import { paths } from '#src/routes.ts';

/** Where the demo leads. A new door is a line here; the areas of the desks come from `desk/areas.ts` by themselves. */
export interface Door {
  href: string;
  label: PlainKey;
}

/** One step of the walk through a consent: what to do, and where. */
export interface Step {
  title: PlainKey;
  text: PlainKey;
  doors: Door[];
  /** To be typed in a terminal. */
  command?: string;
}

export const steps: Step[] = [
  {
    title: 'demo.step.ask',
    text: 'demo.step.ask.text',
    doors: [
      { href: paths.form('newsletter'), label: 'demo.door.newsletter' },
      { href: paths.form('fair'), label: 'demo.door.fair' },
    ],
  },
  {
    title: 'demo.step.read',
    text: 'demo.step.read.text',
    doors: [{ href: paths.demoMailbox(), label: 'demo.door.mailbox' }],
  },
  { title: 'demo.step.confirm', text: 'demo.step.confirm.text', doors: [] },
  {
    title: 'demo.step.change',
    text: 'demo.step.change.text',
    doors: [{ href: paths.preferencesRequest(), label: 'demo.door.preferences' }],
  },
  {
    title: 'demo.step.leave',
    text: 'demo.step.leave.text',
    doors: [],
    command: 'curl -d List-Unsubscribe=One-Click http://…/u/…',
  },
];

/** For whoever writes a program. */
export const programs: Door[] = [
  { href: '/api/v1/docs', label: 'demo.door.docs' },
  { href: '/api/v1/openapi.json', label: 'demo.door.openapi' },
];

/** For whoever wants to look closer. */
export const closer: Door[] = [
  { href: paths.demoEmbed(), label: 'demo.door.embed' },
  { href: '/demo/screens', label: 'demo.door.screens' },
  { href: paths.demoDesk(), label: 'demo.door.desk' },
  { href: '/metrics', label: 'demo.door.metrics' },
];

export const commands: { does: PlainKey; command: string }[] = [
  { does: 'demo.verify', command: 'npm run jawort -- ledger verify' },
  { does: 'demo.help', command: 'npm run jawort -- help' },
];

/** The question that all of this is for, asked from a terminal. */
export function decisionCommand(baseUrl: string): string {
  const question = { purpose: 'product-news', channel: 'email', contact_points: ['anna@example.org'] };
  return [
    `curl ${baseUrl}/api/v1/decisions`,
    `  -H 'Authorization: Bearer ${demoKey}' -H 'Content-Type: application/json'`,
    `  -d '${JSON.stringify(question)}'`,
  ].join(' \\\n');
}
