import { type Fault, faultAt } from '#src/desk/desk-action.ts';
import type { Translate } from '#src/i18n/translate.ts';
import type { CapturePage } from './capture-page.ts';
import { type DeskFault, personFields } from './read-capture.ts';

/** What the entries of the page are called. */
export function captureLabels(
  t: Translate,
  { way, channel }: Pick<CapturePage, 'way' | 'channel'>,
): Record<string, string> {
  return {
    wrong: t('correct.wrong'),
    reason: t('correct.reason'),
    text: t('desk.text.heading'),
    purpose: t('desk.purpose'),
    contact_point: t(`desk.field.contact_point.${channel ?? 'post'}`),
    contact_point_again: t(channel === 'post' ? 'desk.field.place_again' : 'desk.field.contact_point_again'),
    audience: t('desk.audience'),
    ...Object.fromEntries(personFields.map((field) => [field, t(`field.${field}`)])),
    ...Object.fromEntries(way.fields.map((field) => [field.name, t(`desk.field.${field.name}`)])),
  };
}

const firstEntries: string[] = [
  'wrong',
  'reason',
  'text',
  'purpose',
  'answer',
  'contact_point',
  'contact_point_again',
  'audience',
];

/** In words, in the order of the page. */
export function captureFaults(t: Translate, page: CapturePage, faults: DeskFault[]): Fault[] {
  const labels = captureLabels(t, page);
  const order = [...firstEntries, ...personFields, ...page.way.fields.map(({ name }) => name)];
  return faults
    .toSorted((a, b) => order.indexOf(a.field) - order.indexOf(b.field))
    .map(({ field, code }) => faultAt(field, t(`desk.fault.${code}`, { label: labels[field] ?? field })));
}
