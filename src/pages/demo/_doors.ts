import type { MessageKey } from '#src/i18n/translate.ts';
import { paths } from '#src/paths.ts';

export interface Door {
  href: string;
  label: MessageKey;
}

/** One step of the walk through a consent: what to do, and where. */
export interface Step {
  title: MessageKey;
  text: MessageKey;
  doors: Door[];
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
  { title: 'demo.step.leave', text: 'demo.step.leave.text', doors: [] },
];

/** For whoever wants to look closer. Log-ins and keys join the list with the pages they open. */
export const closer: Door[] = [
  { href: paths.demoEmbed(), label: 'demo.door.embed' },
  { href: '/demo/screens', label: 'demo.door.screens' },
];
